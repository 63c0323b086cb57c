/* Connections: the plan, opening many at once, the handshake, reading and writing. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection *connections;
int planned, ready_in_group[4096], ready_total, open_unready;
static struct sockaddr_in address;
static char *plan_text;

/* The plan has four strings for each connection, each ended by NUL: group and port, the HTTP request, the first frames
 * (separated by 0x1e), and the template of its messages. */
void plan(const char *path, const char *host)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail(path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    free(plan_text);
    plan_text = malloc(size + 1);
    if (fread(plan_text, 1, size, file) != (size_t)size)
        fail(path);
    fclose(file);

    int ends = 0;
    for (long i = 0; i < size; i++)
        ends += !plan_text[i];
    planned = ends / 4;
    free(connections);
    connections = calloc(planned, sizeof *connections);
    char *p = plan_text;
    for (int i = 0; i < planned; i++) {
        struct connection *c = &connections[i];
        c->fd = -1;
        c->group = strtol(p, &p, 10);
        c->port = strtol(p, &p, 10);
        c->request = p += strlen(p) + 1;
        c->first_frames = p += strlen(p) + 1;
        c->message_template = p += strlen(p) + 1;
        p += strlen(p) + 1;
    }
    memset(ready_in_group, 0, sizeof ready_in_group);
    ready_total = open_unready = 0;
    address.sin_family = AF_INET;
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
        fail(host);
}

void close_connection(struct connection *c, int refused)
{
    if (c->state == READY) {
        ready_total--;
        ready_in_group[c->group]--;
        counts.closed++;
    } else {
        open_unready--;
        counts.refused += refused;
    }
    close(c->fd);
    free(c->rest);
    free(c->out);
    c->rest = c->out = NULL;
    c->rest_size = c->out_size = 0;
    c->state = GONE;
}

void open_one(struct connection *c)
{
    int one = 1;
    c->began = now_ns();
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0)
        fail("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->state = CONNECTING;
    address.sin_port = htons(c->port);
    c->waits_for_writable = c->frames_received = 0;
    open_unready++;
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) {
        close_connection(c, 1);
        return;
    }
    watch(c, EPOLLOUT, 1);
}

void connect_up_to(int total, int at_once, double timeout_s)
{
    begin_run();
    int64_t deadline = now_ns() + (int64_t)(timeout_s * 1e9);
    int next = 0;
    if (total > planned)
        total = planned;
    while (now_ns() < deadline) {
        for (; next < total && open_unready < at_once; next++)
            if (connections[next].state == UNUSED || connections[next].state == GONE)
                open_one(&connections[next]);
        if (next == total && !open_unready)
            break;
        pump(deadline);
    }
    answer(", \"asked\": %d, \"unready\": %d", total, open_unready);
}

void drop_all(void)
{
    struct linger abrupt = {1, 0};   /* closes with a reset, so that no port stays in TIME_WAIT */
    begin_run();
    for (int i = 0; i < planned; i++)
        if (connections[i].state != UNUSED && connections[i].state != GONE) {
            setsockopt(connections[i].fd, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
            close_connection(&connections[i], 0);
        }
    answer("");
}

static void on_writable(struct connection *c)
{
    if (c->state == CONNECTING) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error || send(c->fd, c->request, strlen(c->request), MSG_NOSIGNAL) != (ssize_t)strlen(c->request)) {
            close_connection(c, 1);
            return;
        }
        c->state = HANDSHAKE;
    } else if (c->out_size) {
        ssize_t n = send(c->fd, c->out, c->out_size, MSG_NOSIGNAL);
        if (n > 0) {
            memmove(c->out, c->out + n, c->out_size - n);
            c->out_size -= n;
        }
        if (c->out_size)
            return;
    }
    c->waits_for_writable = 0;
    watch(c, EPOLLIN, 0);
}

/* Parses the response to the handshake. Returns its length in bytes, 0 if it is incomplete, -1 if it is not a 101. */
static ssize_t take_handshake(struct connection *c, const char *data, size_t size)
{
    const char *end = memmem(data, size, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (size < 12 || memcmp(data + 9, "101", 3)) {
        if (!counts.first_error[0])
            snprintf(counts.first_error, sizeof counts.first_error, "%.*s", (int)(size < 190 ? size : 190), data);
        return -1;
    }
    c->state = OPENING;
    if (!option_first_frames_after)
        send_first_frames(c);
    if (!option_ready[0])
        become_ready(c);
    return end + 4 - data;
}

void on_connection(struct connection *c, uint32_t events)
{
    static char buffer[LARGEST_FRAME + IN_ONE_READ];
    if (c->state == GONE || c->state == UNUSED)
        return;
    if (events & EPOLLOUT) {
        on_writable(c);
        return;
    }
    if (c->state == CONNECTING) {   /* EPOLLERR or EPOLLHUP alone */
        close_connection(c, 1);
        return;
    }
    size_t kept = c->rest_size;
    if (kept)
        memcpy(buffer, c->rest, kept);
    ssize_t n = recv(c->fd, buffer + kept, IN_ONE_READ, 0);
    if (n <= 0) {
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        close_connection(c, 1);
        return;
    }
    counts.reads++;
    counts.bytes += n;
    size_t size = kept + n, taken = 0;
    if (http_mode) {
        taken = take_responses(c, buffer, size);
    } else if (c->state == HANDSHAKE) {
        ssize_t head = take_handshake(c, buffer, size);
        if (head < 0) {
            close_connection(c, 1);
            return;
        }
        taken = head;
    }
    if (!http_mode && c->state >= OPENING && c->state != GONE)
        taken += take_frames(c, buffer + taken, size - taken);
    if (c->state == GONE)
        return;
    size_t rest = size - taken;
    if (rest) {
        if (rest >= LARGEST_FRAME)
            fail("a frame larger than the buffer");
        c->rest = realloc(c->rest, rest);
        memcpy(c->rest, buffer + taken, rest);
    }
    c->rest_size = rest;
}

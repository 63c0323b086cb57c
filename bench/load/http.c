/* HTTP requests on kept-alive connections: measures requests per second of a page. */
#define _GNU_SOURCE
#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>

int http_mode;
static int64_t stop;
static struct { uint64_t responses, bytes; int first_bad_status; } seen;

/* The length of the response at `data`, or 0 if it is incomplete. Supports Content-Length and chunked coding. */
static size_t response_length(const char *data, size_t size)
{
    const char *end = memmem(data, size, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = end + 4 - data;
    for (const char *line = data; line < end; line = (const char *)memmem(line, end + 2 - line, "\r\n", 2) + 2) {
        if (!strncasecmp(line, "content-length:", 15)) {
            size_t length = strtoul(line + 15, NULL, 10);
            return size >= head + length ? head + length : 0;
        }
        if (!strncasecmp(line, "transfer-encoding: chunked", 26)) {
            const char *last = memmem(data + head - 2, size - head + 2, "\r\n0\r\n\r\n", 7);
            return last ? (size_t)(last + 7 - data) : 0;
        }
    }
    return head;
}

static void ask(struct connection *c)
{
    c->began = now_ns();
    if (send(c->fd, c->request, strlen(c->request), MSG_NOSIGNAL) != (ssize_t)strlen(c->request))
        close_connection(c, 1);
}

size_t take_responses(struct connection *c, const char *data, size_t size)
{
    size_t length = response_length(data, size);
    if (!length)
        return 0;
    if (memcmp(data + 9, "200", 3) && !seen.first_bad_status) {
        seen.first_bad_status = atoi(data + 9);
        snprintf(counts.first_error, sizeof counts.first_error, "%.*s", (int)(size < 190 ? size : 190), data);
    }
    seen.responses++;
    seen.bytes += length;
    delays_add(&to_each, now_ns() - c->began);
    if (now_ns() < stop)
        ask(c);
    else
        close_connection(c, 0);
    return length;
}

void http(int at_once, double seconds)
{
    memset(&seen, 0, sizeof seen);
    http_mode = 1;
    begin_run();
    stop = now_ns() + (int64_t)(seconds * 1e9);
    for (int i = 0; i < planned && i < at_once; i++)
        open_one(&connections[i]);
    while (now_ns() < stop + 10000000000LL && open_unready)
        pump(stop + 10000000000LL);
    answer(", \"responses\": %lu, \"response_bytes\": %lu, \"bad_status\": %d", seen.responses, seen.bytes,
           seen.first_bad_status);
    http_mode = 0;
}

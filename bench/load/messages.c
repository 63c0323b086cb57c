/* Messages: number them, send each when it is due, measure the time of each delivery. */
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SLOTS 65536
#define STALLED_NS 20000000000LL

static struct message { int64_t due; uint32_t number; int32_t missing; } messages[SLOTS];
static uint32_t next_number = 1;
static long in_flight;
static int64_t last_progress;

static uint32_t number_of(const char *digits)
{
    uint32_t number = 0;
    for (int i = 0; i < 8; i++) {
        char d = digits[i];
        number = number << 4 | (uint32_t)(d <= '9' ? d - '0' : (d | 32) - 'a' + 10);
    }
    return number;
}

void on_marker(const char *digits, int64_t now)
{
    uint32_t number = number_of(digits);
    struct message *message = &messages[number % SLOTS];
    if (message->number != number || !number) {
        counts.unknown++;
        return;
    }
    if (message->missing <= 0) {
        counts.duplicates++;
        return;
    }
    counts.deliveries++;
    delays_add(&to_each, now - message->due);
    if (!--message->missing) {
        delays_add(&to_last, now - message->due);
        counts.messages++;
        in_flight--;
        last_progress = now;
    }
}

void on_reply(const char *text, size_t size, int64_t now)
{
    counts.replies++;
    const char *marker = memmem(text, size, MARKER, 2);
    if (!marker || marker + 10 > text + size)
        return;
    uint32_t number = number_of(marker + 2);
    if (messages[number % SLOTS].number == number)
        delays_add(&to_reply, now - messages[number % SLOTS].due);
}

static void send_numbered(struct connection *c, uint32_t number)
{
    static char text[65536];
    char digits[9];
    size_t size = strlen(c->message_template);
    if (size >= sizeof text)
        fail("a template too large");
    memcpy(text, c->message_template, size + 1);
    snprintf(digits, sizeof digits, "%08x", number);
    for (char *place = text; (place = strstr(place, NUMBER_PLACEHOLDER)); place += 8)
        memcpy(place, digits, 8);
    send_text(c, text, size);
}

/* The next of `senders` ready connections, spread evenly over all. */
static struct connection *next_sender(int senders)
{
    static uint32_t turn;
    for (int tries = 0; tries < planned; tries++) {
        struct connection *c = &connections[(uint64_t)(turn++ % senders) * planned / senders];
        if (c->state == READY)
            return c;
        if (turn % senders == 0 && senders < planned)
            senders++;   /* this sender is not connected: use others too */
    }
    return NULL;
}

static void send_next(int inject, int senders, int64_t due)
{
    struct connection *c = next_sender(senders);
    if (!c)
        return;
    uint32_t number = next_number++;
    messages[number % SLOTS] = (struct message){due, number, ready_in_group[inject < 0 ? c->group : 0]};
    counts.sent++;
    in_flight++;
    if (inject < 0) {
        send_numbered(c, number);
        return;
    }
    char line[16];
    int size = snprintf(line, sizeof line, "%08x\n", number);
    if (send(inject, line, size, MSG_NOSIGNAL) != size)
        fail("the injector");
}

static int connect_injector(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        fail(path);
    return fd;
}

/* With a `rate`, messages are due at fixed times, and delays count from these times. Otherwise a message is due when
 * fewer than `window` are in flight. Ends after `count` messages or `seconds`, when all deliveries have arrived or none
 * arrived for STALLED_NS. */
void send_messages(const char *inject_path, long count, int window, int senders, double rate, double seconds)
{
    int inject = strcmp(inject_path, "-") ? connect_injector(inject_path) : -1;
    begin_run();
    int64_t began = now_ns(), stop = began + (int64_t)(seconds * 1e9), now;
    in_flight = 0;
    last_progress = began;
    for (long sent = 0;;) {
        now = now_ns();
        int over = sent >= count || now >= stop || !ready_total;
        int64_t due = rate > 0 ? began + (int64_t)(sent / rate * 1e9) : now;
        while (!over && (rate > 0 ? due <= now : in_flight < window)) {
            send_next(inject, senders, due);
            over = ++sent >= count;
            due = rate > 0 ? began + (int64_t)(sent / rate * 1e9) : now;
        }
        if (over && in_flight <= 0 && (!option_reply[0] || inject >= 0 || counts.replies + counts.errors >= counts.sent))
            break;
        if (!ready_total || ((over || rate <= 0) && now - last_progress > STALLED_NS))
            break;
        pump(over || rate <= 0 ? now + 100000000 : due < stop ? due : stop);
    }
    counts.missing = in_flight > 0 ? in_flight : 0;
    if (inject >= 0)
        close(inject);
    answer("");
}

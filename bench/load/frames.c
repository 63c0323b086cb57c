/* Frames (RFC 6455, section 5.2): sends masked ones, receives unmasked ones, and classifies text frames. */
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static void send_frame(struct connection *c, uint8_t opcode, const char *data, size_t size)
{
    static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    static uint8_t frame[66000];
    size_t head = 2;
    if (size > 65535)
        fail("a frame too large to send");
    frame[0] = 0x80 | opcode;
    if (size < 126) {
        frame[1] = 0x80 | size;
    } else {
        frame[1] = 0x80 | 126;
        frame[2] = size >> 8;
        frame[3] = size;
        head = 4;
    }
    memcpy(frame + head, mask, 4);
    head += 4;
    for (size_t i = 0; i < size; i++)
        frame[head + i] = data[i] ^ mask[i & 3];
    size += head;

    ssize_t taken = c->out_size ? 0 : send(c->fd, frame, size, MSG_NOSIGNAL);
    if (taken < 0)
        taken = 0;   /* the buffer is full, or the connection is broken: a read will report that */
    if ((size_t)taken < size) {
        c->out = realloc(c->out, c->out_size + size - taken);
        memcpy(c->out + c->out_size, frame + taken, size - taken);
        c->out_size += size - taken;
        if (!c->waits_for_writable) {
            c->waits_for_writable = 1;
            watch(c, EPOLLIN | EPOLLOUT, 0);
        }
    }
}

void send_text(struct connection *c, const char *text, size_t size)
{
    send_frame(c, 1, text, size);
}

static int starts(const char *text, size_t size, const char *with)
{
    size_t length = strlen(with);
    return length && size >= length && !memcmp(text, with, length);
}

void send_first_frames(struct connection *c)
{
    for (const char *first = c->first_frames, *stop; *first; first = *stop ? stop + 1 : stop) {
        stop = strchrnul(first, 0x1e);
        send_text(c, first, stop - first);
    }
}

void become_ready(struct connection *c)
{
    c->state = READY;
    open_unready--;
    ready_total++;
    ready_in_group[c->group]++;
    delays_add(&to_ready, now_ns() - c->began);
}

static void on_text(struct connection *c, const char *text, size_t size, int64_t now)
{
    counts.frames++;
    if (starts(text, size, option_error)) {
        counts.errors++;
        if (!counts.first_error[0])
            snprintf(counts.first_error, sizeof counts.first_error, "%.*s", (int)(size < 190 ? size : 190), text);
        return;
    }
    if (option_ping[0] && size == strlen(option_ping) && starts(text, size, option_ping)) {
        send_text(c, option_pong, strlen(option_pong));
        return;
    }
    if (c->state == OPENING) {
        if (++c->frames_received == option_first_frames_after)
            send_first_frames(c);
        if (starts(text, size, option_ready))
            become_ready(c);
        return;
    }
    if (starts(text, size, option_reply)) {
        on_reply(text, size, now);
        return;
    }
    /* The number is in the text and in the HTML of a message: that is one delivery. A frame may have several messages. */
    const char *end = text + size, *p = text, *last = NULL;
    while ((p = memmem(p, end - p, MARKER, 2)) && p + 10 <= end) {
        if (!last || memcmp(last, p, 10))
            on_marker(p + 2, now);
        last = p;
        p += 10;
    }
}

size_t take_frames(struct connection *c, char *data, size_t size)
{
    size_t at = 0;
    int64_t now = now_ns();
    while (size - at >= 2) {
        const uint8_t *head = (const uint8_t *)data + at;
        size_t length = head[1] & 0x7f, start = 2;
        if (length == 126) {
            if (size - at < 4)
                break;
            length = head[2] << 8 | head[3];
            start = 4;
        } else if (length == 127) {
            if (size - at < 10)
                break;
            length = 0;
            for (int i = 2; i < 10; i++)
                length = length << 8 | head[i];
            start = 10;
        }
        if (size - at < start + length)
            break;
        char *payload = data + at + start;
        at += start + length;
        switch (head[0] & 0x0f) {
        case 0: case 1: case 2:
            on_text(c, payload, length, now);
            break;
        case 8:
            counts.last_close_code = length >= 2 ? (uint8_t)payload[0] << 8 | (uint8_t)payload[1] : 1005;
            close_connection(c, 1);
            return at;
        case 9:
            send_frame(c, 10, payload, length);
            break;
        }
    }
    return at;
}

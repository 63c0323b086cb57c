/* The load generator: many WebSocket connections on one thread, with little work per frame.
 *
 * It reads commands from standard input, one per line, and writes one line of JSON per command to standard output.
 * main.c lists the commands. Times are nanoseconds of CLOCK_MONOTONIC unless a name says otherwise.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MARKER "~!"       /* in each message, before its number of eight hexadecimal digits */
#define NUMBER_PLACEHOLDER "@@@@@@@@"  /* in a template: where that number goes */
#define IN_ONE_READ (256 * 1024)
#define LARGEST_FRAME (4 * 1024 * 1024)

enum state { UNUSED, CONNECTING, HANDSHAKE, OPENING, READY, GONE };

struct connection {
    int fd, group, port;
    enum state state;
    uint8_t waits_for_writable;    /* the socket buffer was full: `out` waits for EPOLLOUT */
    uint16_t frames_received;         /* frames received since the handshake, until ready */
    const char *request, *first_frames, *message_template;
    char *rest;             /* an incomplete frame */
    size_t rest_size;
    char *out;              /* bytes that the kernel has not accepted */
    size_t out_size;
    int64_t began;
};

/* Counts of this run. Reset before each run. */
struct counts {
    uint64_t deliveries, messages, sent, replies, errors, unknown, duplicates, frames, bytes, reads;
    uint64_t refused, closed, missing;
    int last_close_code;
    char first_error[200];
};

/* Delays in steps of 10 µs up to 20 s. */
#define STEP_NS 10000
#define STEPS 2000000
struct delays { uint32_t *at; uint64_t total; };

extern struct connection *connections;
extern int planned, ready_in_group[4096], ready_total, open_unready;
extern struct counts counts;
extern struct delays to_each, to_last, to_reply, to_ready;
extern char *option_ready, *option_reply, *option_error, *option_ping, *option_pong;
extern int option_first_frames_after, epoll;

/* loop.c */
int64_t now_ns(void);
void fail(const char *what);
void pump(int64_t until);              /* handles events; returns at `until` at the latest */
void watch(struct connection *c, uint32_t events, int add);
void delays_clear(struct delays *d);
void delays_add(struct delays *d, int64_t ns);
double delays_ms(const struct delays *d, double quantile);
void begin_run(void);
void answer(const char *extra, ...);   /* the line of JSON: counts, delays and the CPU share of this program */

/* connect.c */
void plan(const char *path, const char *host);
void connect_up_to(int total, int at_once, double timeout_s);
void open_one(struct connection *c);
void drop_all(void);
void close_connection(struct connection *c, int refused);
void on_connection(struct connection *c, uint32_t events);

/* frames.c */
void send_text(struct connection *c, const char *text, size_t size);
void send_first_frames(struct connection *c);
void become_ready(struct connection *c);
size_t take_frames(struct connection *c, char *data, size_t size);   /* returns the bytes of complete frames */

/* messages.c */
void send_messages(const char *inject_path, long count, int window, int senders, double rate, double seconds);
void on_marker(const char *digits, int64_t now);
void on_reply(const char *text, size_t size, int64_t now);

/* http.c */
void http(int at_once, double seconds);     /* each connection repeats its request after each response */
extern int http_mode;
size_t take_responses(struct connection *c, const char *data, size_t size);

#endif

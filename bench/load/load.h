/* The load generator: many WebSocket connections on one thread, as little work per frame as will do.
 *
 * It reads commands on standard input, one a line, and answers each with one line of JSON on standard output. main.c
 * lists the commands. Times are nanoseconds of CLOCK_MONOTONIC unless a name says otherwise.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MARKER "~#"       /* in each message, followed by its number as eight hexadecimal digits */
#define PLACE "@@@@@@@@"  /* in a template: where that number goes */
#define IN_ONE_READ (256 * 1024)
#define LARGEST_FRAME (4 * 1024 * 1024)

enum state { UNUSED, CONNECTING, SHAKING_HANDS, OPENING, READY, GONE };

struct connection {
    int fd, group, port;
    enum state state;
    uint8_t awaits_room;    /* the kernel's buffer was full: `out` waits for EPOLLOUT */
    uint16_t heard;         /* frames since the handshake, while opening */
    const char *request, *first, *say;
    char *rest;             /* the start of a frame whose end has not come */
    size_t rest_size;
    char *out;              /* what the kernel did not take */
    size_t out_size;
    int64_t began;
};

/* What this run counted. Set to zero before each. */
struct counts {
    uint64_t deliveries, messages, sent, replies, errors, strays, doubled, frames, bytes, reads;
    uint64_t refused, closed, late;
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
extern int option_speak_after, epoll;

/* loop.c */
int64_t now_ns(void);
void fail(const char *what);
void pump(int64_t until);              /* handles what is there; waits until then at the latest */
void watch(struct connection *c, uint32_t events, int add);
void delays_clear(struct delays *d);
void delays_add(struct delays *d, int64_t ns);
double delays_ms(const struct delays *d, double quantile);
void begin_run(void);
void answer(const char *extra, ...);   /* the JSON line: counts, delays and this program's own share of its core */

/* connect.c */
void plan(const char *path, const char *host);
void connect_up_to(int total, int at_once, double timeout_s);
void open_one(struct connection *c);
void drop_all(void);
void gone(struct connection *c, int refused);
void on_connection(struct connection *c, uint32_t events);

/* wire.c */
void send_text(struct connection *c, const char *text, size_t size);
void say_first(struct connection *c);
void become_ready(struct connection *c);
size_t take_frames(struct connection *c, char *data, size_t size);   /* how many bytes were whole frames */

/* talk.c */
void talk(const char *inject_path, long count, int window, int senders, double rate, double seconds);
void on_marker(const char *digits, int64_t now);
void on_reply(const char *text, size_t size, int64_t now);

/* http.c */
void http(int at_once, double seconds);     /* each asks its request again as soon as it is answered */
extern int speaks_http;
size_t take_responses(struct connection *c, const char *data, size_t size);

#endif

/* The event loop, the clock, delays, and the answer to a command. */
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

struct counts counts;
struct delays to_each, to_last, to_reply, to_ready;
int epoll;
static int64_t run_began;
static struct rusage run_usage;

int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

void fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

void watch(struct connection *c, uint32_t events, int add)
{
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(epoll, add ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, c->fd, &event) < 0)
        fail("epoll_ctl");
}

void pump(int64_t until)
{
    static struct epoll_event events[512];
    int64_t wait = until - now_ns();
    if (wait < 0)
        wait = 0;
    struct timespec timeout = {wait / 1000000000, wait % 1000000000};
    int n = epoll_pwait2(epoll, events, 512, &timeout, NULL);
    if (n < 0 && errno != EINTR)
        fail("epoll_pwait2");
    for (int i = 0; i < n; i++)
        if (events[i].data.ptr)
            on_connection(events[i].data.ptr, events[i].events);
}

void delays_clear(struct delays *d)
{
    if (!d->at && !(d->at = malloc(STEPS * sizeof *d->at)))
        fail("memory");
    memset(d->at, 0, STEPS * sizeof *d->at);
    d->total = 0;
}

void delays_add(struct delays *d, int64_t ns)
{
    int64_t step = ns / STEP_NS;
    d->at[step < 0 ? 0 : step >= STEPS ? STEPS - 1 : step]++;
    d->total++;
}

double delays_ms(const struct delays *d, double quantile)
{
    uint64_t wanted = (uint64_t)(quantile * d->total), seen = 0;
    if (!d->total)
        return 0;
    if (wanted >= d->total)
        wanted = d->total - 1;
    for (int step = 0; step < STEPS; step++)
        if ((seen += d->at[step]) > wanted)
            return (step + 1) * (STEP_NS / 1e6);
    return STEPS * (STEP_NS / 1e6);
}

void begin_run(void)
{
    memset(&counts, 0, sizeof counts);
    delays_clear(&to_each);
    delays_clear(&to_last);
    delays_clear(&to_reply);
    delays_clear(&to_ready);
    run_began = now_ns();
    getrusage(RUSAGE_SELF, &run_usage);
}

static double seconds_of(struct timeval t)
{
    return t.tv_sec + t.tv_usec / 1e6;
}

static void print_delays(const char *name, const struct delays *d)
{
    if (d->total)
        printf(", \"%s\": {\"n\": %lu, \"p50\": %.2f, \"p90\": %.2f, \"p99\": %.2f, \"max\": %.2f}", name, d->total,
               delays_ms(d, 0.5), delays_ms(d, 0.9), delays_ms(d, 0.99), delays_ms(d, 1));
}

static void print_string(const char *name, const char *text)
{
    printf(", \"%s\": \"", name);
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            printf("\\%c", *text);
        else if ((unsigned char)*text >= ' ' && (unsigned char)*text < 127)
            putchar(*text);
    putchar('"');
}

void answer(const char *extra, ...)
{
    struct rusage usage;
    double seconds = (now_ns() - run_began) / 1e9;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime) - seconds_of(run_usage.ru_utime)
               - seconds_of(run_usage.ru_stime);
    printf("{\"seconds\": %.6f, \"cpu_share\": %.3f, \"ready\": %d, \"deliveries\": %lu, \"messages\": %lu, "
           "\"sent\": %lu, \"replies\": %lu, \"errors\": %lu, \"unknown\": %lu, \"duplicates\": %lu, \"frames\": %lu, "
           "\"bytes\": %lu, \"reads\": %lu, \"refused\": %lu, \"closed\": %lu, \"missing\": %lu, \"close_code\": %d",
           seconds, seconds > 0 ? cpu / seconds : 0, ready_total, counts.deliveries, counts.messages, counts.sent,
           counts.replies, counts.errors, counts.unknown, counts.duplicates, counts.frames, counts.bytes, counts.reads,
           counts.refused, counts.closed, counts.missing, counts.last_close_code);
    print_string("first_error", counts.first_error);
    print_delays("to_each_ms", &to_each);
    print_delays("to_last_ms", &to_last);
    print_delays("to_reply_ms", &to_reply);
    print_delays("to_ready_ms", &to_ready);
    va_list list;
    va_start(list, extra);
    vprintf(extra, list);
    va_end(list);
    printf("}\n");
    fflush(stdout);
}

/* Commands: one per line, words separated by tabs. Each but `set` has an answer of one line of JSON:
 *
 *   set NAME VALUE                              ready, reply, error: the prefix of such a frame; ping, pong: a text frame
 *                                               and its answer; first_frames_after: frames to receive before sending the first ones
 *   plan FILE HOST                              see connect.c
 *   connect TOTAL AT_ONCE TIMEOUT_S             open connections until there are TOTAL
 *   send INJECTOR COUNT WINDOW SENDERS RATE SECONDS     see messages.c; INJECTOR is `-` or a Unix socket's path
 *   hold SECONDS                                receive only
 *   drop                                        reset all connections
 *   http AT_ONCE SECONDS                        see http.c
 */
#define _GNU_SOURCE
#include "load.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

char *option_ready, *option_reply, *option_error, *option_ping, *option_pong;
int option_first_frames_after;

static void set(const char *name, const char *value)
{
    struct { const char *name; char **at; } texts[] = {{"ready", &option_ready}, {"reply", &option_reply},
        {"error", &option_error}, {"ping", &option_ping}, {"pong", &option_pong}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(name, texts[i].name)) {
            *texts[i].at = strdup(value);
            return;
        }
    if (!strcmp(name, "first_frames_after"))
        option_first_frames_after = atoi(value);
}

static void hold(double seconds)
{
    begin_run();
    int64_t until = now_ns() + (int64_t)(seconds * 1e9);
    while (now_ns() < until)
        pump(until);
    answer("");
}

static void run_command(char *line)
{
    char *words[8] = {"", "", "", "", "", "", "", ""};
    int n = 0;
    for (char *word; n < 8 && (word = strsep(&line, "\t"));)
        words[n++] = word;
    if (!strcmp(words[0], "set"))
        set(words[1], words[2]);
    else if (!strcmp(words[0], "plan")) {
        plan(words[1], words[2]);
        printf("{\"planned\": %d}\n", planned);
        fflush(stdout);
    } else if (!strcmp(words[0], "connect"))
        connect_up_to(atoi(words[1]), atoi(words[2]), atof(words[3]));
    else if (!strcmp(words[0], "send"))
        send_messages(words[1], atol(words[2]), atoi(words[3]), atoi(words[4]), atof(words[5]), atof(words[6]));
    else if (!strcmp(words[0], "hold"))
        hold(atof(words[1]));
    else if (!strcmp(words[0], "drop"))
        drop_all();
    else if (!strcmp(words[0], "http"))
        http(atoi(words[1]), atof(words[2]));
    else
        fail(words[0]);
}

int main(void)
{
    static char input[65536];
    size_t held = 0;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    option_ready = option_reply = option_error = option_ping = option_pong = "";
    epoll = epoll_create1(0);
    fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};   /* standard input; read below */
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event) < 0)
        fail("epoll");
    begin_run();
    for (;;) {   /* between commands, connections are still read and pings answered */
        ssize_t n = read(0, input + held, sizeof input - held);
        if (!n)
            return 0;
        if (n > 0)
            held += n;
        char *newline = memchr(input, '\n', held);
        if (!newline) {
            pump(now_ns() + 1000000000);
            continue;
        }
        *newline = 0;
        run_command(input);
        held -= newline + 1 - input;
        memmove(input, newline + 1, held);
    }
}

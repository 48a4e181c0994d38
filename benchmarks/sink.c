/* An SMTP server that takes every message and keeps none, fast enough not to be what is measured.
 *
 *   sink PORT KEYWORD...     PORT 0 takes a free one; the port is the first line of standard output.
 *
 * One thread, epoll. KEYWORDs are announced after EHLO. "XCNT" answers "250 <messages> <bytes>" so far. It ends with its standard input. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum state { COMMAND, CHUNK, DATA };

struct session {
    enum state state;
    int last;             /* the chunk ends a message */
    long left;            /* bytes of the chunk still to come */
    int matched;          /* how much of CRLF . CRLF was seen */
    size_t length;        /* of the command line so far */
    char line[2048];
};

static struct session *sessions[65536];
static char input[1 << 18], output[1 << 16], greeting[2048];
static size_t pending;
static long messages, bytes;

static void flush_to(int fd) {
    size_t sent = 0;
    while (sent < pending) {
        ssize_t n = write(fd, output + sent, pending - sent);
        if (n > 0) {
            sent += (size_t)n;
        } else if (errno == EAGAIN) {
            struct pollfd wait = {fd, POLLOUT, 0};
            poll(&wait, 1, 1000);
        } else {
            break;
        }
    }
    pending = 0;
}

static void say(int fd, const char *text) {
    size_t n = strlen(text);
    if (pending + n > sizeof output) flush_to(fd);
    memcpy(output + pending, text, n);
    pending += n;
}

static void take_message(int fd) {
    messages++;
    say(fd, "250 2.0.0 Ok\r\n");
}

static void obey(int fd, struct session *s) {
    const char *line = s->line;
    if (!strncasecmp(line, "BDAT", 4)) {
        s->left = atol(line + 4);
        s->last = strcasestr(line, "LAST") != NULL;
        if (s->left > 0) s->state = CHUNK;
        else if (s->last) take_message(fd);
        else say(fd, "250 2.0.0 Ok\r\n");
    } else if (!strncasecmp(line, "DATA", 4)) {
        s->state = DATA;
        s->matched = 2;
        say(fd, "354 Go\r\n");
    } else if (!strncasecmp(line, "EHLO", 4)) {
        say(fd, greeting);
    } else if (!strncasecmp(line, "RCPT", 4)) {
        say(fd, "250 2.1.5 Ok\r\n");
    } else if (!strncasecmp(line, "QUIT", 4)) {
        say(fd, "221 2.0.0 Bye\r\n");
    } else if (!strncasecmp(line, "XCNT", 4)) {
        char text[80];
        snprintf(text, sizeof text, "250 %ld %ld\r\n", messages, bytes);
        say(fd, text);
    } else {
        say(fd, "250 2.1.0 Ok\r\n");
    }
}

static size_t take_command(int fd, struct session *s, const char *at, size_t n) {
    const char *end = memchr(at, '\n', n);
    size_t taken = end ? (size_t)(end - at) + 1 : n;
    size_t room = sizeof s->line - 1 - s->length;
    size_t copied = taken < room ? taken : room;
    memcpy(s->line + s->length, at, copied);
    s->length += copied;
    if (end) {
        s->line[s->length] = 0;
        s->length = 0;
        obey(fd, s);
    }
    return taken;
}

static size_t take_chunk(int fd, struct session *s, size_t n) {
    size_t taken = (long)n < s->left ? n : (size_t)s->left;
    s->left -= (long)taken;
    bytes += (long)taken;
    if (!s->left) {
        s->state = COMMAND;
        if (s->last) take_message(fd);
        else say(fd, "250 2.0.0 Ok\r\n");
    }
    return taken;
}

static size_t take_data(int fd, struct session *s, const char *at, size_t n) {
    static const char end[] = "\r\n.\r\n";
    size_t i = 0;
    while (i < n) {
        if (!s->matched) {
            const char *cr = memchr(at + i, '\r', n - i);
            if (!cr) { i = n; break; }
            i = (size_t)(cr - at) + 1;
            s->matched = 1;
            continue;
        }
        char c = at[i++];
        s->matched = c == end[s->matched] ? s->matched + 1 : c == '\r';
        if (s->matched == 5) {
            s->state = COMMAND;
            take_message(fd);
            break;
        }
    }
    bytes += (long)i;
    return i;
}

static int serve(int fd) {
    struct session *s = sessions[fd];
    ssize_t n = read(fd, input, sizeof input);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    for (size_t i = 0; i < (size_t)n;) {
        size_t left = (size_t)n - i;
        if (s->state == COMMAND) i += take_command(fd, s, input + i, left);
        else if (s->state == CHUNK) i += take_chunk(fd, s, left);
        else i += take_data(fd, s, input + i, left);
    }
    flush_to(fd);
    return 1;
}

static int listen_on(int port) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof where;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&where, sizeof where) || listen(fd, 1024)) { perror("sink"); exit(1); }
    getsockname(fd, (struct sockaddr *)&where, &size);
    printf("%d\n", ntohs(where.sin_port));
    fflush(stdout);
    return fd;
}

int main(int count, char **words) {
    size_t used = (size_t)snprintf(greeting, sizeof greeting, "250-sink\r\n");
    for (int i = 2; i < count; i++) used += (size_t)snprintf(greeting + used, sizeof greeting - used, "250-%s\r\n", words[i]);
    snprintf(greeting + used, sizeof greeting - used, "250 HELP\r\n");
    int door = listen_on(count > 1 ? atoi(words[1]) : 0), poller = epoll_create1(0), one = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, events[256];
    epoll_ctl(poller, EPOLL_CTL_ADD, door, &event);
    event.data.fd = 0;
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &event);
    for (;;) {
        int ready = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == 0) return 0;
            if (fd == door) {
                int guest = accept4(door, NULL, NULL, SOCK_NONBLOCK);
                if (guest < 0) continue;
                setsockopt(guest, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                sessions[guest] = calloc(1, sizeof(struct session));
                event.data.fd = guest;
                epoll_ctl(poller, EPOLL_CTL_ADD, guest, &event);
                say(guest, "220 sink ESMTP\r\n");
                flush_to(guest);
            } else if (!serve(fd)) {
                close(fd);
                free(sessions[fd]);
                sessions[fd] = NULL;
            }
        }
    }
}

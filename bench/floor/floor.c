// The floor of a fan-out: the least that a server can do to give a message to every subscriber. No protocol beyond the
// frame itself: an upgrade is answered without looking at it, nothing is checked, nobody is timed out.
//
// usage: floor write|coalesce|uring <port>
//   write     one write() for each subscriber and message, as the message comes
//   coalesce  what has come in one turn of the loop leaves in one write() for each subscriber
//   uring     as write, the calls submitted together by io_uring
//
// A client of GET /publish says a text frame (masked with zeros), all others hear it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef WITH_URING
#include <liburing.h>
#endif

enum { input_max = 8192, frame_max = 4096, events_max = 512, turn_bytes_max = 1 << 20 };

typedef struct Client {
  int fd;
  bool upgraded, publishes;
  size_t input_size;
  char *input; // only until there is nothing in it
  char *unsent; // what the kernel did not take
  size_t unsent_size;
} Client;

static enum { by_write, coalescing, by_uring } mode;
static int epoll_fd;
static Client **subscribers;
static size_t subscriber_count, subscriber_room;
static char turn[turn_bytes_max]; // frames of this turn of the loop
static size_t turn_size;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void keep_unsent(Client *client, const char *bytes, size_t size) {
  client->unsent = realloc(client->unsent, client->unsent_size + size);
  if (client->unsent == NULL) die("realloc");
  memcpy(client->unsent + client->unsent_size, bytes, size);
  client->unsent_size += size;
}

static void send_to(Client *client, const char *bytes, size_t size) {
  if (client->unsent_size > 0) {
    keep_unsent(client, bytes, size);
    return;
  }
  const ssize_t sent = write(client->fd, bytes, size);
  if (sent < 0 && errno != EAGAIN) return; // its end is heard by epoll
  const size_t done = sent < 0 ? 0 : (size_t)sent;
  if (done < size) keep_unsent(client, bytes + done, size - done);
}

static void send_unsent(Client *client) {
  if (client->unsent_size == 0) return;
  const ssize_t sent = write(client->fd, client->unsent, client->unsent_size);
  if (sent <= 0) return;
  client->unsent_size -= (size_t)sent;
  memmove(client->unsent, client->unsent + sent, client->unsent_size);
}

#ifdef WITH_URING
static struct io_uring ring;

// All sends of a message in one submission; the bytes stay where they are until all are done.
static void send_by_uring(const char *bytes, size_t size) {
  size_t waiting = 0;
  for (size_t i = 0; i < subscriber_count; ++i) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
    if (entry == NULL) {
      io_uring_submit(&ring);
      entry = io_uring_get_sqe(&ring);
    }
    io_uring_prep_send(entry, subscribers[i]->fd, bytes, size, MSG_WAITALL);
    ++waiting;
  }
  io_uring_submit(&ring);
  while (waiting > 0) {
    struct io_uring_cqe *done;
    if (io_uring_wait_cqe(&ring, &done) != 0) die("io_uring_wait_cqe");
    io_uring_cqe_seen(&ring, done);
    --waiting;
  }
}
#endif

static void broadcast(const char *bytes, size_t size) {
  if (mode == coalescing) {
    if (turn_size + size > turn_bytes_max) abort();
    memcpy(turn + turn_size, bytes, size);
    turn_size += size;
    return;
  }
#ifdef WITH_URING
  if (mode == by_uring) {
    send_by_uring(bytes, size);
    return;
  }
#endif
  for (size_t i = 0; i < subscriber_count; ++i) send_to(subscribers[i], bytes, size);
}

static void end_turn(void) {
  if (turn_size == 0) return;
  for (size_t i = 0; i < subscriber_count; ++i) send_to(subscribers[i], turn, turn_size);
  turn_size = 0;
}

static size_t upgrade(Client *client) {
  const char *end = memmem(client->input, client->input_size, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  send_to(client, answer, sizeof answer - 1);
  client->upgraded = true;
  client->publishes = memcmp(client->input, "GET /publish", 12) == 0;
  if (!client->publishes) {
    if (subscriber_count == subscriber_room) {
      subscriber_room = subscriber_room == 0 ? 1024 : subscriber_room * 2;
      subscribers = realloc(subscribers, subscriber_room * sizeof *subscribers);
      if (subscribers == NULL) die("realloc");
    }
    subscribers[subscriber_count++] = client;
  }
  return (size_t)(end - client->input) + 4;
}

// A masked text frame in, the same unmasked out.
static size_t take_frame(const char *in, size_t size) {
  if (size < 2) return 0;
  size_t header = 2, length = (unsigned char)in[1] & 0x7f;
  if (length == 126) {
    if (size < 4) return 0;
    length = (size_t)(unsigned char)in[2] << 8 | (unsigned char)in[3];
    header = 4;
  }
  const size_t whole = header + 4 + length;
  if (size < whole) return 0;
  if (length + 4 > frame_max) abort();
  char frame[frame_max];
  frame[0] = (char)0x81;
  size_t at = 2;
  if (length < 126) {
    frame[1] = (char)length;
  } else {
    frame[1] = 126;
    frame[2] = (char)(length >> 8);
    frame[3] = (char)(length & 0xff);
    at = 4;
  }
  memcpy(frame + at, in + header + 4, length);
  broadcast(frame, at + length);
  return whole;
}

static void hear(Client *client) {
  for (;;) {
    if (client->input == NULL && (client->input = malloc(input_max)) == NULL) die("malloc");
    const ssize_t got = read(client->fd, client->input + client->input_size, input_max - client->input_size);
    if (got <= 0) break;
    client->input_size += (size_t)got;
    size_t used = client->upgraded ? 0 : upgrade(client);
    while (client->upgraded && used < client->input_size) {
      const size_t frame = take_frame(client->input + used, client->input_size - used);
      if (frame == 0) break;
      used += frame;
    }
    client->input_size -= used;
    memmove(client->input, client->input + used, client->input_size);
  }
  if (client->input_size == 0) {
    free(client->input);
    client->input = NULL;
  }
}

static void let_in(int listener) {
  for (;;) {
    const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Client *client = calloc(1, sizeof *client);
    if (client == NULL) die("calloc");
    client->fd = fd;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = client};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
  }
}

static int listen_on(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) die("bind");
  if (listen(fd, 4096) != 0) die("listen");
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: floor write|coalesce|uring <port>\n", stderr);
    return 2;
  }
  mode = strcmp(argv[1], "coalesce") == 0 ? coalescing : strcmp(argv[1], "uring") == 0 ? by_uring : by_write;
#ifdef WITH_URING
  if (mode == by_uring && io_uring_queue_init(4096, &ring, 0) != 0) die("io_uring");
#else
  if (mode == by_uring) {
    fputs("built without io_uring\n", stderr);
    return 2;
  }
#endif
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  const int listener = listen_on(atoi(argv[2]));
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[events_max];
    const int count = epoll_wait(epoll_fd, events, events_max, -1);
    for (int i = 0; i < count; ++i) {
      Client *client = events[i].data.ptr;
      if (client == NULL) {
        let_in(listener);
        continue;
      }
      if (events[i].events & EPOLLOUT) send_unsent(client);
      if (events[i].events & EPOLLIN) hear(client);
    }
    end_turn();
  }
}

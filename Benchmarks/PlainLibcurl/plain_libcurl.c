#ifdef __linux__
#define _GNU_SOURCE
#include <sched.h>
#endif

#include "plain_libcurl.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct {
  char *start;
  size_t count;
  size_t room;
} bytes;

// One easy handle and what it needs for a request.
typedef struct {
  CURL *easy;
  struct curl_slist *headers;
  uint64_t begun;
  bytes head;
  bytes body;
} slot;

struct plain_client {
  CURLM *multi;
  char *url;
  void *body;
  size_t body_size;
  char *authority;
  bool http2;
  char *headers[8];
  int header_count;
  int slot_count;
  slot *slots;
  // Slots at rest.
  slot **idle;
  int idle_count;
  // When each waiting request was wished for, oldest first: a ring.
  uint64_t *waiting;
  size_t waiting_room, waiting_first, waiting_count;
  uint64_t next_id;
  uint32_t *latencies;
  size_t latency_room;
};

uint64_t plain_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t nanoseconds(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

uint64_t plain_processor_time(void) {
  struct rusage usage = {0};
  getrusage(RUSAGE_SELF, &usage);
  return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
}

uint64_t plain_peak_memory(void) {
  struct rusage usage = {0};
  getrusage(RUSAGE_SELF, &usage);
#ifdef __linux__
  return (uint64_t)usage.ru_maxrss * 1024u;
#else
  return (uint64_t)usage.ru_maxrss;
#endif
}

bool plain_pin_to_core(int core) {
#ifdef __linux__
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  return sched_setaffinity(0, sizeof cores, &cores) == 0;
#else
  (void)core;
  return false;
#endif
}

const char *plain_libcurl_version(void) { return curl_version_info(CURLVERSION_NOW)->version; }

static size_t append(char *data, size_t size, size_t count, void *context) {
  bytes *to = context;
  size_t more = size * count;
  if (to->count + more > to->room) {
    size_t room = 2 * (to->count + more);
    char *start = realloc(to->start, room);
    if (!start) return 0;
    to->start = start;
    to->room = room;
  }
  memcpy(to->start + to->count, data, more);
  to->count += more;
  return more;
}

static bool slot_set_up(const plain_client *client, slot *slot) {
  CURL *easy = slot->easy = curl_easy_init();
  if (!easy) return false;
  curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &slot->body);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &slot->head);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  if (client->authority) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, client->authority);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
  }
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)(client->http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  // Wait for a connection that may be shared instead of opening another one.
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, client->http2 ? 1L : 0L);
  return true;
}

plain_client *plain_client_make(
    int connections, const char *url, const char *authority, bool http2, const void *body, size_t body_size) {
  curl_global_init(CURL_GLOBAL_ALL);
  plain_client *client = calloc(1, sizeof *client);
  if (!client) return NULL;
  // As many as the connections take: one request each or, over HTTP/2, as many streams of one connection as libcurl opens
  // by default. For each request beyond these libcurl 7.88 would open a connection, PIPEWAIT or not.
  client->slot_count = http2 ? 100 : connections;
  client->http2 = http2;
  client->url = strdup(url);
  if (authority) client->authority = strdup(authority);
  client->body = malloc(body_size);
  client->body_size = body_size;
  if (client->body) memcpy(client->body, body, body_size);
  client->multi = curl_multi_init();
  client->slots = calloc((size_t)client->slot_count, sizeof *client->slots);
  client->idle = calloc((size_t)client->slot_count, sizeof *client->idle);
  if (!client->multi || !client->slots || !client->idle || !client->url || !client->body ||
      (authority && !client->authority)) {
    plain_client_free(client);
    return NULL;
  }
  curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)connections);
  curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)connections);
  curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
  // The first is the first to be taken.
  for (int i = client->slot_count - 1; i >= 0; i--) client->idle[client->idle_count++] = &client->slots[i];
  return client;
}

void plain_client_free(plain_client *client) {
  for (int i = 0; client->slots && i < client->slot_count; i++) {
    slot *slot = &client->slots[i];
    if (slot->easy) curl_easy_cleanup(slot->easy);
    free(slot->head.start);
    free(slot->body.start);
  }
  if (client->multi) curl_multi_cleanup(client->multi);
  free(client->slots);
  free(client->idle);
  free(client->waiting);
  free(client->latencies);
  for (int i = 0; i < client->header_count; i++) free(client->headers[i]);
  free(client->url);
  free(client->authority);
  free(client->body);
  free(client);
}

void plain_client_add_header(plain_client *client, const char *line) {
  if (client->header_count == (int)(sizeof client->headers / sizeof *client->headers)) return;
  char *copy = strdup(line);
  if (copy) client->headers[client->header_count++] = copy;
}

static void note_latency(plain_client *client, plain_result *result, uint64_t nanoseconds) {
  if (result->latency_count == client->latency_room) {
    size_t room = client->latency_room ? 2 * client->latency_room : 1 << 16;
    uint32_t *latencies = realloc(client->latencies, room * sizeof *latencies);
    if (!latencies) return;
    client->latencies = latencies;
    client->latency_room = room;
  }
  client->latencies[result->latency_count++] = nanoseconds < UINT32_MAX ? (uint32_t)nanoseconds : UINT32_MAX;
  result->latencies = client->latencies;
}

static bool begin(plain_client *client, uint64_t wished) {
  slot *slot = client->idle[client->idle_count - 1];
  if (!slot->easy && !slot_set_up(client, slot)) return false;
  struct curl_slist *headers = NULL;
  for (int i = 0; i < client->header_count; i++) headers = curl_slist_append(headers, client->headers[i]);
  char id[64];
  snprintf(id, sizeof id, "X-Request-ID: req_%026llu", (unsigned long long)client->next_id++);
  headers = curl_slist_append(headers, id);
  headers = curl_slist_append(headers, "Expect:");
  slot->headers = headers;
  slot->head.count = slot->body.count = 0;
  slot->begun = wished;
  curl_easy_setopt(slot->easy, CURLOPT_URL, client->url);
  curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(slot->easy, CURLOPT_TIMEOUT_MS, 60000L);
  curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)client->body_size);
  curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS, client->body);
  if (curl_multi_add_handle(client->multi, slot->easy) != CURLM_OK) return false;
  client->idle_count--;
  return true;
}

// Whether all of a response has come although libcurl reports that its HTTP/2 stream was reset: nginx resets it when it
// has responded before it received the whole request. CurlTransport makes this difference, too.
static bool is_complete(CURL *easy, const slot *slot, CURLcode code) {
  curl_off_t length = -1;
  curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  return code == CURLE_HTTP2_STREAM && length == (curl_off_t)slot->body.count;
}

// Whether the request was answered with status 200 and a body.
static bool end(plain_client *client, CURL *easy, CURLcode code, uint64_t *begun) {
  char *context = NULL;
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &context);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  slot *slot = (void *)context;
  bool is_whole = code == CURLE_OK || is_complete(easy, slot, code);
  curl_multi_remove_handle(client->multi, easy);
  curl_slist_free_all(slot->headers);
  slot->headers = NULL;
  client->idle[client->idle_count++] = slot;
  *begun = slot->begun;
  return is_whole && status == 200 && slot->body.count > 0;
}

static bool make_room_for_waiting(plain_client *client, size_t room) {
  if (client->waiting_room >= room) return true;
  free(client->waiting);
  client->waiting = calloc(room, sizeof *client->waiting);
  client->waiting_room = client->waiting ? room : 0;
  return client->waiting != NULL;
}

static void wish(plain_client *client) {
  client->waiting[(client->waiting_first + client->waiting_count++) % client->waiting_room] = plain_now();
}

plain_result plain_client_run(plain_client *client, int in_flight, uint64_t nanoseconds, uint64_t minimum) {
  plain_result result = {0, 0, NULL, 0};
  if (!make_room_for_waiting(client, (size_t)in_flight)) return result;
  uint64_t end_time = plain_now() + nanoseconds, wished = 0, running = 0;
  for (; wished < (uint64_t)in_flight && (nanoseconds || wished < minimum); wished++) wish(client);
  for (;;) {
    while (client->waiting_count > 0 && client->idle_count > 0) {
      uint64_t begun = client->waiting[client->waiting_first];
      client->waiting_first = (client->waiting_first + 1) % client->waiting_room;
      client->waiting_count--;
      if (begin(client, begun)) running++;
      else result.failed++;
    }
    if (running == 0) return result;
    int count = 0;
    curl_multi_perform(client->multi, &count);
    CURLMsg *message;
    bool any = false;
    while ((message = curl_multi_info_read(client->multi, &count))) {
      uint64_t begun = 0;
      if (end(client, message->easy_handle, message->data.result, &begun)) result.answered++;
      else result.failed++;
      running--;
      any = true;
      uint64_t now = plain_now();
      if (nanoseconds) note_latency(client, &result, now - begun);
      if (wished < minimum || (nanoseconds && now < end_time)) {
        wish(client);
        wished++;
      }
    }
    if (!any) curl_multi_poll(client->multi, NULL, 0, 1000, NULL);
  }
}

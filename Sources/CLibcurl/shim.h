// What Swift needs to use libcurl: typed functions in place of the variadic ones, which Swift cannot call, and one
// place that knows which libcurl version brought what.
//
// Options that are newer than the oldest libcurl are left out where the headers lack them, and where the library does:
// a program may run with an older one than it was built with.
//
// Handles are `void *` here because libcurl declares them differently from version to version.

#ifndef PLYSTRA_CLIBCURL_SHIM_H
#define PLYSTRA_CLIBCURL_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <curl/curl.h>

#if LIBCURL_VERSION_NUM < 0x074400
#error "libcurl 7.68.0 or newer is needed: older ones cannot be woken from another thread"
#endif

// MARK: Easy handles

static inline void *plystra_easy_init(void) { return curl_easy_init(); }

static inline void plystra_easy_cleanup(void *easy) { curl_easy_cleanup(easy); }

static inline CURLcode plystra_easy_set_long(void *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode plystra_easy_set_size(void *easy, CURLoption option, int64_t value) {
  return curl_easy_setopt(easy, option, (curl_off_t)value);
}

// libcurl copies the string; NULL takes the option back.
static inline CURLcode plystra_easy_set_string(void *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

// libcurl keeps the pointer.
static inline CURLcode plystra_easy_set_pointer(void *easy, CURLoption option, const void *value) {
  return curl_easy_setopt(easy, option, value);
}

// Options that take PEM text; libcurl copies it. CURLE_UNKNOWN_OPTION before 7.77.0.
#if LIBCURL_VERSION_NUM < 0x074d00
#define CURLOPT_CAINFO_BLOB ((CURLoption)(CURLOPTTYPE_BLOB + 309))
#endif
#if LIBCURL_VERSION_NUM < 0x074700
#define CURLOPT_SSLCERT_BLOB ((CURLoption)(CURLOPTTYPE_BLOB + 291))
#define CURLOPT_SSLKEY_BLOB ((CURLoption)(CURLOPTTYPE_BLOB + 292))
#endif

static inline CURLcode plystra_easy_set_blob(void *easy, CURLoption option, const void *bytes, size_t count) {
#if LIBCURL_VERSION_NUM >= 0x074700
  struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
  return curl_easy_setopt(easy, option, &blob);
#else
  (void)easy;
  (void)option;
  (void)bytes;
  (void)count;
  return CURLE_UNKNOWN_OPTION;
#endif
}

// Whether all of those options are there.
static inline bool plystra_takes_pem_text(void) {
#if LIBCURL_VERSION_NUM >= 0x074700
  return curl_version_info(CURLVERSION_NOW)->version_num >= 0x074d00;
#else
  return false;
#endif
}

// The file with the certificate authorities that libcurl was built to trust; NULL if it does not tell, or has none.
static inline const char *plystra_default_authorities(void) {
#if LIBCURL_VERSION_NUM >= 0x074600
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  return info->age >= CURLVERSION_SEVENTH ? info->cainfo : NULL;
#else
  return NULL;
#endif
}

// libcurl keeps the list.
static inline CURLcode plystra_easy_set_headers(void *easy, struct curl_slist *headers) {
  return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

// MARK: URLs

static inline void *plystra_url_init(void) { return curl_url(); }

static inline void plystra_url_cleanup(void *url) { curl_url_cleanup(url); }

// Takes an absolute URL apart, as libcurl itself does for an easy handle with CURLOPT_PATH_AS_IS and
// CURLOPT_DISALLOW_USERNAME_IN_URL, but once for all transfers to it. libcurl copies the string.
static inline CURLcode plystra_url_set(void *url, const char *text) {
  CURLUcode code = curl_url_set(url, CURLUPART_URL, text, CURLU_PATH_AS_IS | CURLU_DISALLOW_USER);
  return code == CURLUE_OK ? CURLE_OK : code == CURLUE_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY : CURLE_URL_MALFORMAT;
}

// libcurl keeps the pointer.
static inline CURLcode plystra_easy_set_url(void *easy, void *url) {
  return curl_easy_setopt(easy, CURLOPT_CURLU, url);
}

// Takes `size * count` received bytes; any other result than that product ends the transfer.
typedef size_t (*plystra_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode plystra_easy_set_body_receiver(void *easy, plystra_receiver receiver, void *context) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receiver);
  return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

static inline CURLcode plystra_easy_set_header_receiver(void *easy, plystra_receiver receiver, void *context) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receiver);
  return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
}

static inline CURLcode plystra_easy_allow_only_http(void *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
  CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  if (code != CURLE_UNKNOWN_OPTION) return code;
#endif
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
}

// Refuses versions before TLS 1.2, to servers and to proxies, whatever libcurl and its TLS library were built to allow. A
// libcurl without TLS has no such option, and no connection that needs it.
static inline CURLcode plystra_easy_demand_tls12(void *easy) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  return code == CURLE_UNKNOWN_OPTION || code == CURLE_NOT_BUILT_IN ? CURLE_OK : code;
}

// Opens a socket as libcurl would, but so that programs which another thread starts do not inherit it: in their hands
// the connection would stay open after libcurl has closed it; before 8.17.0 libcurl lets them. Set with the socket's
// creation where the system can, because a program may be started between two calls. And so that the system gives the
// connection up once its peer has acknowledged nothing for 30 s; Linux by itself tries for a quarter of an hour. libcurl
// sets the socket's other options afterwards, as ever.
static inline curl_socket_t plystra_open_socket(const struct curl_sockaddr *address) {
#ifdef SOCK_CLOEXEC
  int descriptor = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
  int descriptor = socket(address->family, address->socktype, address->protocol);
  if (descriptor != -1) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
#endif
#ifdef TCP_USER_TIMEOUT
  unsigned int milliseconds = 30000;
  // Sockets of other kinds do not know the option.
  if (descriptor != -1) setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
#endif
  return descriptor;
}

// Ends the reuse of connections of this age; those in use are not concerned. Does nothing before 7.80.0.
static inline void plystra_easy_set_maximum_age(void *easy, long seconds) {
#if LIBCURL_VERSION_NUM >= 0x075000
  curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, seconds);
#else
  (void)easy;
  (void)seconds;
#endif
}

// How many bytes have come on a TCP connection, be they read or not; -1 if the system does not tell.
static inline int64_t plystra_received_bytes(int descriptor) {
#if defined(__linux__)
  // The C library's structure may end before the count, which Linux has had in this place since 4.1.
  unsigned char facts[136];
  socklen_t size = sizeof facts;
  uint64_t count;
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, facts, &size) != 0 || size < sizeof facts) return -1;
  memcpy(&count, facts + 128, sizeof count);
  return (int64_t)count;
#elif defined(TCP_CONNECTION_INFO)
  struct tcp_connection_info facts;
  socklen_t size = sizeof facts;
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_CONNECTION_INFO, &facts, &size) != 0) return -1;
  return (int64_t)facts.tcpi_rxbytes;
#else
  (void)descriptor;
  return -1;
#endif
}

// Has the sockets of connections that a handle makes opened and closed by these. A connection outlives its handle, and is
// closed by `close` all the same: `close_context` must outlive the multi handle.
static inline CURLcode plystra_easy_set_socket_functions(
    void *easy, curl_opensocket_callback open, void *open_context, curl_closesocket_callback close, void *close_context) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, open_context);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close);
  return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, close_context);
}

// Called with the ends of the connection that a request is about to be sent on, as numeric addresses and ports; any
// other result than 0 ends the transfer with CURLE_ABORTED_BY_CALLBACK before anything is sent, and its connection.
typedef int (*plystra_request_gate)(
    void *context, char *remote_address, char *local_address, int remote_port, int local_port);

// CURLE_UNKNOWN_OPTION before 7.80.0: then there is no gate, and no other harm.
static inline CURLcode plystra_easy_set_request_gate(void *easy, plystra_request_gate gate, void *context) {
#if LIBCURL_VERSION_NUM >= 0x075000
  CURLcode code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, gate);
  return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
#else
  (void)easy;
  (void)gate;
  (void)context;
  return CURLE_UNKNOWN_OPTION;
#endif
}

// Whether there is such a gate.
static inline bool plystra_passes_request_gates(void) {
  return curl_version_info(CURLVERSION_NOW)->version_num >= 0x075000 && LIBCURL_VERSION_NUM >= 0x075000;
}

// The socket of the connection that the last transfer used; -1 if that is closed, or while a transfer begins.
static inline int plystra_easy_get_socket(void *easy) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK ? (int)socket : -1;
}

// Lets a transfer be removed while its host name is being looked up, without waiting for the look-up to end.
// Before 7.87.0 libcurl always waits.
static inline CURLcode plystra_easy_abandon_lookups(void *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
  CURLcode code = curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  return code == CURLE_UNKNOWN_OPTION ? CURLE_OK : code;
#else
  (void)easy;
  return CURLE_OK;
#endif
}

// Lets libcurl keep the trust store that it has read: up to 30 ms of work for each TLS connection otherwise, during
// which nothing else is done. Since 7.87.0 it does so, but not if it was built with a folder of certificates besides
// the bundle file; these hold the same, so the folder is left out where the file can be read.
static inline void plystra_easy_keep_trust_store(void *easy, long seconds) {
#if LIBCURL_VERSION_NUM >= 0x075700
  char *bundle = NULL;
  if (curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, seconds) != CURLE_OK) return;
  if (curl_easy_getinfo(easy, CURLINFO_CAINFO, &bundle) == CURLE_OK && bundle && access(bundle, R_OK) == 0) {
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
  }
#else
  (void)easy;
  (void)seconds;
#endif
}

// 0 if libcurl does not know.
static inline long plystra_easy_get_long(void *easy, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

// -1 if libcurl does not know.
static inline int64_t plystra_easy_get_size(void *easy, CURLINFO info) {
  curl_off_t value = -1;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : -1;
}

// What was set as CURLOPT_PRIVATE.
static inline void *plystra_easy_get_private(void *easy) {
  char *value = NULL;
  return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

// MARK: Multi handles

static inline void *plystra_multi_init(void) { return curl_multi_init(); }

static inline CURLMcode plystra_multi_cleanup(void *multi) { return curl_multi_cleanup(multi); }

static inline CURLMcode plystra_multi_set_long(void *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode plystra_multi_add(void *multi, void *easy) { return curl_multi_add_handle(multi, easy); }

static inline CURLMcode plystra_multi_remove(void *multi, void *easy) {
  return curl_multi_remove_handle(multi, easy);
}

static inline CURLMcode plystra_multi_perform(void *multi) {
  int running = 0;
  return curl_multi_perform(multi, &running);
}

static inline CURLMcode plystra_multi_poll(void *multi, int milliseconds) {
  return curl_multi_poll(multi, NULL, 0, milliseconds, NULL);
}

static inline CURLMcode plystra_multi_wakeup(void *multi) { return curl_multi_wakeup(multi); }

// The next transfer that ended; false if there is none.
static inline bool plystra_multi_next_ended(void *multi, void **easy, CURLcode *code) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *easy = message->easy_handle;
    *code = message->data.result;
    return true;
  }
  return false;
}

// MARK: What easy handles share

// The TLS sessions of handles that one thread uses, so that there is nothing to lock: libcurl keeps them for each handle
// otherwise, whatever multi handle they are in. NULL if there is no memory.
static inline void *plystra_sessions_init(void) {
  CURLSH *share = curl_share_init();
  if (share && curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK) {
    // A libcurl without TLS has none to share.
    curl_share_cleanup(share);
    return curl_share_init();
  }
  return share;
}

// No easy handle may be left that has it.
static inline void plystra_sessions_cleanup(void *sessions) { curl_share_cleanup(sessions); }

static inline CURLcode plystra_easy_set_sessions(void *easy, void *sessions) {
  return curl_easy_setopt(easy, CURLOPT_SHARE, sessions);
}

// MARK: The library

// What libcurl asks servers for when it is left the choice of encodings, or NULL if it can decode none.
static inline const char *plystra_accepted_encodings(void) {
  int features = curl_version_info(CURLVERSION_NOW)->features;
  bool zlib = features & CURL_VERSION_LIBZ, brotli = features & CURL_VERSION_BROTLI;
#if LIBCURL_VERSION_NUM >= 0x074800
  bool zstd = features & CURL_VERSION_ZSTD;
#else
  bool zstd = false;
#endif
  if (!zlib) return NULL;
  return brotli ? zstd ? "deflate, gzip, br, zstd" : "deflate, gzip, br" : zstd ? "deflate, gzip, zstd" : "deflate, gzip";
}

// Whether HTTP/2 is there and to be relied on. Before 7.79.0 libcurl can take a stream that was reset, or whose
// connection closed, for the end of an answer: one that announces no length would pass for whole although it was cut.
// From then on, and before 8.0.0, that takes a reset and the end of the connection that arrive as good as together.
static inline bool plystra_speaks_http2(void) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  return (info->features & CURL_VERSION_HTTP2) && info->version_num >= 0x074f00;
}

static inline CURLcode plystra_global_init(void) { return curl_global_init(CURL_GLOBAL_ALL); }

#endif

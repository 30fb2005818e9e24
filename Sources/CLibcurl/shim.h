#ifndef PLYSTRA_CLIBCURL_SHIM_H
#define PLYSTRA_CLIBCURL_SHIM_H
#include <curl/curl.h>
#endif

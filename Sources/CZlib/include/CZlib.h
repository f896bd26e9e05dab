#ifndef CZLIB_H
#define CZLIB_H
#include <zlib.h>
/// zlib's version text; deflateInit2 and inflateInit2, macros in C, join it with permessage-deflate.
const char *CZlib_version(void);
#endif

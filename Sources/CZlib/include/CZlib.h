#ifndef CZLIB_H
#define CZLIB_H
#include <zlib.h>
/// deflateInit2, a macro in C, for raw deflate with a window of 2^windowBits bytes.
int CZlib_deflateInit(z_stream *stream, int level, int windowBits, int memoryLevel);
/// inflateInit2, a macro in C, for raw deflate with a window of 2^windowBits bytes.
int CZlib_inflateInit(z_stream *stream, int windowBits);
#endif

#include "CZlib.h"

int CZlib_deflateInit(z_stream *stream, int level, int windowBits, int memoryLevel) {
  return deflateInit2(stream, level, Z_DEFLATED, -windowBits, memoryLevel, Z_DEFAULT_STRATEGY);
}

int CZlib_inflateInit(z_stream *stream, int windowBits) { return inflateInit2(stream, -windowBits); }

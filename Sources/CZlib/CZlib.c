#include "CZlib.h"

const char *CZlib_version(void) { return zlibVersion(); }

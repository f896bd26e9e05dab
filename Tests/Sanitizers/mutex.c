// Tells ThreadSanitizer of the standard library's Mutex.
//
// `Mutex.withLock` is compiled into its caller, where the sanitizer sees the atomic operation that
// takes or gives back a free lock. A contended one is passed on by the kernel, in two functions of
// a library that is not compiled for the sanitizer: it then takes whatever the lock guards for a
// race. This library is loaded before that one, stands in for the two functions, and says what
// they do. A race that no lock guards is reported as before.
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

// _MutexHandle._lockSlow(UInt32) and _MutexHandle._unlockSlow()
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lockSlow(uint32_t thread, SELF mutex) __asm__(LOCK_SLOW);
SWIFT void unlockSlow(SELF mutex) __asm__(UNLOCK_SLOW);

// Weak, since not every program that this is loaded into has the sanitizer.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

static void *standardLibrary(const char *symbol) {
  void *function = dlsym(RTLD_NEXT, symbol);
  if (function == NULL) abort();
  return function;
}

SWIFT void lockSlow(uint32_t thread, SELF mutex) {
  static SWIFT void (*lock)(uint32_t, SELF);
  if (lock == NULL) lock = standardLibrary(LOCK_SLOW);
  lock(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlockSlow(SELF mutex) {
  static SWIFT void (*unlock)(SELF);
  if (unlock == NULL) unlock = standardLibrary(UNLOCK_SLOW);
  if (__tsan_release) __tsan_release(mutex);
  unlock(mutex);
}

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "CNcurses.h"
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

const char *CNcurses_codeset(void) {
  setlocale(LC_CTYPE, "");
  return nl_langinfo(CODESET);
}

void *CNcurses_start(void) {
  // The terminal alone says how large it is: LINES and COLUMNS are often those of another one.
  use_env(FALSE);
  use_tioctl(TRUE);
  return newterm(NULL, stdout, stdin);
}

void CNcurses_end(void *screen) {
  endwin();
  delscreen(screen);
}

void CNcurses_configure(int escapeDelayMilliseconds) {
  raw();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  intrflush(stdscr, FALSE);
  set_escdelay(escapeDelayMilliseconds);
}

int CNcurses_defineKey(const char *sequence, int code) { return define_key(sequence, code); }

const char *CNcurses_capability(const char *name) {
  const char *text = tigetstr(name);
  return text == (const char *)-1 ? NULL : text;
}

int CNcurses_startColors(void) {
  if (!has_colors() || start_color() == ERR) return 0;
  use_default_colors();
  return COLORS;
}

int CNcurses_pair(int number, int foreground, int background) {
  return init_pair(number, foreground, background);
}

int CNcurses_readInput(uint32_t *value) {
  wint_t input = 0;
  int result = wget_wch(stdscr, &input);
  *value = input;
  return result == ERR ? CNcurses_nothing
                       : result == KEY_CODE_YES ? CNcurses_keyCode : CNcurses_character;
}

int CNcurses_put(int row, int column, const wchar_t *characters, uint32_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, characters, attributes, pair, NULL) == ERR) return ERR;
  return mvadd_wch(row, column, &cell);
}

int CNcurses_width(wchar_t character) { return wcwidth(character); }
int CNcurses_showCursor(int visibility) { return curs_set(visibility); }
int CNcurses_move(int row, int column) { return move(row, column); }
int CNcurses_refresh(void) { return refresh(); }
int CNcurses_repaint(void) { return clearok(curscr, TRUE); }
int CNcurses_erase(void) { return erase(); }
int CNcurses_leave(void) { return endwin(); }

int CNcurses_enter(void) {
  reset_prog_mode();
  // endwin forgets that it was on, and curses sends it again only with the next key it reads.
  keypad(stdscr, TRUE);
  clearok(curscr, TRUE);
  return refresh();
}

int CNcurses_discardInput(void) { return flushinp(); }

void CNcurses_awaitForeground(void) {
  struct termios settings;
  if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
  while (tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) != 0 && errno == EINTR) continue;
}

int CNcurses_resize(int rows, int columns) { return resize_term(rows, columns); }

int CNcurses_size(int *rows, int *columns) {
  struct winsize size = {0};
  int result = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
  *rows = size.ws_row;
  *columns = size.ws_col;
  return result;
}

uint32_t CNcurses_bold(void) { return A_BOLD; }
uint32_t CNcurses_dim(void) { return A_DIM; }
uint32_t CNcurses_reverse(void) { return A_REVERSE; }
uint32_t CNcurses_underline(void) { return A_UNDERLINE; }

int CNcurses_key_up(void) { return KEY_UP; }
int CNcurses_key_down(void) { return KEY_DOWN; }
int CNcurses_key_left(void) { return KEY_LEFT; }
int CNcurses_key_right(void) { return KEY_RIGHT; }
int CNcurses_key_home(void) { return KEY_HOME; }
int CNcurses_key_end(void) { return KEY_END; }
int CNcurses_key_pageUp(void) { return KEY_PPAGE; }
int CNcurses_key_pageDown(void) { return KEY_NPAGE; }
int CNcurses_key_insert(void) { return KEY_IC; }
int CNcurses_key_delete(void) { return KEY_DC; }
int CNcurses_key_backspace(void) { return KEY_BACKSPACE; }
int CNcurses_key_enter(void) { return KEY_ENTER; }
int CNcurses_key_backTab(void) { return KEY_BTAB; }
int CNcurses_key_resize(void) { return KEY_RESIZE; }
int CNcurses_key_function(int number) { return KEY_F(number); }

static const int crashSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGABRT, SIGFPE, SIGTRAP};
enum { crashSignalCount = sizeof crashSignals / sizeof crashSignals[0] };
static struct sigaction previousActions[crashSignalCount];
static char resetBytes[512];
static size_t resetByteCount;
static struct termios resetSettings;
static char signalStack[16384];

static void handleCrash(int signal) {
  ssize_t written = write(STDOUT_FILENO, resetBytes, resetByteCount);
  (void)written;
  tcsetattr(STDIN_FILENO, TCSANOW, &resetSettings);
  for (int index = 0; index < crashSignalCount; index++)
    sigaction(crashSignals[index], &previousActions[index], NULL);
  raise(signal);
}

int CNcurses_installCrashHandler(const char *bytes, size_t count, const struct termios *settings) {
  resetByteCount = count < sizeof resetBytes ? count : sizeof resetBytes;
  memcpy(resetBytes, bytes, resetByteCount);
  resetSettings = *settings;
  stack_t current = {0};
  if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE)) {
    stack_t stack = {.ss_sp = signalStack, .ss_size = sizeof signalStack};
    sigaltstack(&stack, NULL);
  }
  struct sigaction action = {.sa_handler = handleCrash, .sa_flags = SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int index = 0; index < crashSignalCount; index++)
    if (sigaction(crashSignals[index], &action, &previousActions[index]) != 0) return -1;
  return 0;
}

void CNcurses_removeCrashHandler(void) {
  for (int index = 0; index < crashSignalCount; index++)
    sigaction(crashSignals[index], &previousActions[index], NULL);
}

void CNcurses_stop(int wholeGroup) {
  struct sigaction standard = {.sa_handler = SIG_DFL}, previous;
  // Whoever ignored it before this program started has nobody who would continue it.
  if (sigaction(SIGTSTP, NULL, &previous) != 0 || previous.sa_handler == SIG_IGN) return;
  sigset_t stop, mask, go;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  sigaction(SIGTSTP, &standard, NULL);
  pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
  kill(wholeGroup ? 0 : getpid(), SIGTSTP);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  sigaction(SIGTSTP, &previous, NULL);
  sigemptyset(&go);
  sigaddset(&go, SIGCONT);
  struct timespec none = {0};
  sigtimedwait(&go, NULL, &none);
}

#ifndef CNCURSES_H
#define CNCURSES_H
// What Swift cannot reach of curses: variadics, macros, globals; and the one signal handler that
// must not run Swift code. Everything else about the terminal is decided in Terminal/.
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

/// What CNcurses_readInput read.
enum { CNcurses_nothing = 0, CNcurses_character = 1, CNcurses_keyCode = 2 };

/// `setlocale(LC_CTYPE, "")`, and the name of the codeset (`nl_langinfo(CODESET)`).
const char *CNcurses_codeset(void);
/// `newterm` for TERM on the standard descriptors, with the size that the terminal says; NULL for a
/// terminal that terminfo does not know.
void *CNcurses_start(void);
/// `endwin`, then `delscreen`.
void CNcurses_end(void *screen);
/// raw, noecho, nonl, keypad, nodelay, no meta of its own; ESC waits so many milliseconds.
void CNcurses_configure(int escapeDelayMilliseconds);
/// `define_key`: the sequence arrives as that key code.
int CNcurses_defineKey(const char *sequence, int code);
/// `tigetstr`: a string capability, or NULL.
const char *CNcurses_capability(const char *name);
/// `has_colors`, then `start_color` and `use_default_colors`; the number of colours, 0 for none.
int CNcurses_startColors(void);
/// `init_pair`.
int CNcurses_pair(int number, int foreground, int background);
/// `wget_wch` on the standard screen.
int CNcurses_readInput(uint32_t *value);
/// `setcchar` and `mvadd_wch`: puts one character with its marks, a null-terminated string.
int CNcurses_put(int row, int column, const wchar_t *characters, uint32_t attributes, int pair);
/// `wcwidth`.
int CNcurses_width(wchar_t character);
/// `curs_set`.
int CNcurses_showCursor(int visibility);
/// `move` on the standard screen.
int CNcurses_move(int row, int column);
/// `refresh`.
int CNcurses_refresh(void);
/// `clearok(curscr, TRUE)`: the next refresh repaints every cell.
int CNcurses_repaint(void);
/// `erase`.
int CNcurses_erase(void);
/// `endwin`: the alternate screen and the keypad's mode are left, the shell's settings hold.
int CNcurses_leave(void);
/// `reset_prog_mode` and `refresh` of every cell: what `CNcurses_leave` left is entered again.
int CNcurses_enter(void);
/// `flushinp`: forgets what was typed and not read yet, by the system and by curses.
int CNcurses_discardInput(void);
/// Returns when the process group has the terminal: until then the system stops it (SIGTTOU of
/// tcsetattr(3)).
void CNcurses_awaitForeground(void);
/// `resize_term`.
int CNcurses_resize(int rows, int columns);
/// The size by TIOCGWINSZ of standard output; negative if it is no terminal.
int CNcurses_size(int *rows, int *columns);

/// Attributes, macros in C.
uint32_t CNcurses_bold(void);
uint32_t CNcurses_dim(void);
uint32_t CNcurses_reverse(void);
uint32_t CNcurses_underline(void);

/// Key codes, macros in C.
int CNcurses_key_up(void);
int CNcurses_key_down(void);
int CNcurses_key_left(void);
int CNcurses_key_right(void);
int CNcurses_key_home(void);
int CNcurses_key_end(void);
int CNcurses_key_pageUp(void);
int CNcurses_key_pageDown(void);
int CNcurses_key_insert(void);
int CNcurses_key_delete(void);
int CNcurses_key_backspace(void);
int CNcurses_key_enter(void);
int CNcurses_key_backTab(void);
int CNcurses_key_resize(void);
int CNcurses_key_function(int number);

/// Catches SIGSEGV, SIGBUS, SIGILL, SIGABRT, SIGFPE and SIGTRAP: writes the bytes to standard
/// output, restores the terminal's settings, and lets the signal do what it did before.
///
/// Bytes beyond 512 are cut. Only `write`, `tcsetattr`, `sigaction` and `raise` run in the handler.
int CNcurses_installCrashHandler(const char *bytes, size_t count, const struct termios *settings);
/// Gives the signals back.
void CNcurses_removeCrashHandler(void);
/// Stops the process or its whole group by SIGTSTP with its default action; returns when it is
/// continued, with that SIGCONT taken if it is blocked. Where SIGTSTP was ignored from the start it
/// returns at once.
void CNcurses_stop(int wholeGroup);
#endif

#ifndef CNCURSES_H
#define CNCURSES_H
int CNcurses_placeholder(void);
#endif

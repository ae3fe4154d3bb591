#pragma once

// ncursesw for Swift: what the importer cannot see (cast macros, mutable globals, variadics).
// Not API: only TUI's Curses.swift imports this module. A header may hold no state.

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// <term.h> defines macros such as `lines`; these functions are all we need of it.
extern char *tigetstr(const char *);
extern int tigetnum(const char *);
extern int setupterm(const char *, int, int *);

static const uint32_t CN_BOLD = (uint32_t)A_BOLD;
static const uint32_t CN_DIM = (uint32_t)A_DIM;
static const uint32_t CN_UNDERLINE = (uint32_t)A_UNDERLINE;
static const uint32_t CN_REVERSE = (uint32_t)A_REVERSE;

/// Whether the terminal type in use cannot place the cursor.
static inline int cn_lacks_cursor(void) {
  const char *cup = tigetstr("cup");
  return cup == NULL || cup == (const char *)-1;
}

/// Starts ncurses on stdin and stdout: 0, 1 terminal type unknown, 2 it cannot place the cursor.
static inline int cn_start(void) {
  if (newterm(NULL, stdout, stdin) == NULL) return 1;
  if (cn_lacks_cursor()) {
    endwin();
    return 2;
  }
  raw();
  noecho();
  nonl();
  curs_set(0);
  leaveok(stdscr, TRUE);
  // Pictures written past ncurses must not be shifted along with text.
  idcok(stdscr, FALSE);
  // Never look for input while drawing: the keys are read elsewhere.
  typeahead(-1);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  return 0;
}

/// What cn_start would return on a terminal of this type, which is left alone, and its colours as
/// cn_colours gives them.
static inline int cn_type(const char *type, int *colours) {
  int error = 0;
  *colours = 0;
  if (setupterm(type, 1, &error) != OK) return 1;
  if (cn_lacks_cursor()) return 2;
  int count = tigetnum("colors");
  if (count > 0 && tigetnum("pairs") > 0) *colours = count;
  return 0;
}

/// Puts one glyph; an error at the bottom right cell is normal, the cell is drawn.
static inline void cn_put(int y, int x, uint32_t scalar, uint32_t attributes, int pair) {
  wchar_t text[2] = {(wchar_t)scalar, 0};
  cchar_t cell;
  setcchar(&cell, text, (attr_t)attributes, 0, &pair);
  wmove(stdscr, y, x);
  wadd_wch(stdscr, &cell);
}

static inline void cn_stage(void) { wnoutrefresh(stdscr); }
static inline void cn_redraw_all(void) { clearok(curscr, TRUE); }
static inline int cn_colours(void) { return has_colors() ? COLORS : 0; }

/// Sets the character set of a locale ("" for the environment's); whether its characters are UTF-8.
static inline int cn_use_locale(const char *name) {
  if (setlocale(LC_CTYPE, name) == NULL) return 0;
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

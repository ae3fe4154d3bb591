#pragma once

// The terminal as a device: saved settings, signals, restoring after a crash.
// Not API: only TUI's TerminalDevice.swift imports this module.
//
// Swift's own backtracer is on when stderr is a terminal; it starts before main and asks questions
// on a crash. The handlers installed here replace it as soon as the workstation runs. A locked
// login must also set SWIFT_BACKTRACE=enable=no before exec, which no program can do for itself.

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that signal handlers write into the self-pipe.
enum {
  CTERMINAL_RESIZE = 'W',
  CTERMINAL_TERMINATE = 'T',
  CTERMINAL_INTERRUPT = 'I',
  CTERMINAL_HANGUP = 'H',
  CTERMINAL_SUSPEND = 'Z',
  CTERMINAL_WAKE = 'M',
};

/// Bits returned by `cterminal_wait`.
enum {
  CTERMINAL_INPUT = 1,
  CTERMINAL_SIGNAL = 2,
  CTERMINAL_GONE = 4,
};

typedef struct {
  int columns;
  int rows;
  int pixel_width;
  int pixel_height;
} cterminal_size;

/// Saves the settings of the terminal and opens the self-pipe; 0, or errno.
int cterminal_open(void);
/// Installs all handlers; call before ncurses starts.
void cterminal_install_handlers(void);
/// Sets bytes-at-once input without echo or signals, keeping what was typed ahead; 0, or errno.
int cterminal_raw(void);
/// Writes the restore sequence and puts the saved settings back; safe in a signal handler.
void cterminal_restore(void);
/// Sets bytes to be written before the restore sequence, at most 2048; none for 0.
void cterminal_set_farewell(const unsigned char *bytes, size_t count);
/// Puts the handlers that were there before back and closes the pipe.
void cterminal_close(void);
/// Stops the process as SIGTSTP does by default; returns when it continues.
void cterminal_stop_here(void);

/// Waits for input or a byte in the self-pipe; `milliseconds` < 0 waits for ever.
int cterminal_wait(int milliseconds);
/// Reads what is there from the terminal: bytes, 0 for nothing yet, -1 when the terminal is gone.
int cterminal_read(unsigned char *buffer, int capacity);
/// Reads what is there from the self-pipe.
int cterminal_read_signals(unsigned char *buffer, int capacity);
/// Writes all bytes; 0, or errno (EIO: the terminal is gone).
int cterminal_write(const unsigned char *bytes, size_t count);
/// Wakes the waiting thread; safe from any thread.
void cterminal_wake(void);
/// The size now; zeros where unknown.
cterminal_size cterminal_measure(void);

/// Whether input and output are terminals.
int cterminal_is_terminal(void);
/// Sends stderr into an unlinked private file, so that nothing writes over the screen.
void cterminal_capture_errors(void);
/// Gives stderr back and copies to it what was captured; safe in a signal handler.
void cterminal_release_errors(void);
/// Forbids core files and debuggers: both would hold patient data.
void cterminal_harden(void);
/// Ends the process at once without touching the terminal (after a hangup).
void cterminal_exit_now(int status) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static const int input = STDIN_FILENO;
static const int output = STDOUT_FILENO;
static int pipe_ends[2] = {-1, -1};
static struct termios saved;
static volatile sig_atomic_t have_saved = 0;
static volatile sig_atomic_t needs_restore = 0;
static volatile int error_file = -1;
static volatile int real_errors = -1;
static unsigned char alternate_stack[65536];

// Closes a half-sent picture, then: synchronised output, mouse, paste, colours, line wrap, cursor,
// alternate screen, keypad, character set, all back to what a shell expects.
static const char restore_sequence[] =
    "\033\\\033[?2026l\033[?1006l\033[?1003l\033[?1002l\033[?1000l\033[?2004l\033[0m\033[?7h"
    "\033[?25h\033[?1049l\033[?1l\033>\033(B\r";

// What the program adds, such as taking its pictures away.
static unsigned char farewell[2048];
static volatile sig_atomic_t farewell_count = 0;

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS};
static const int handled_signals[] = {SIGWINCH, SIGTERM, SIGINT,  SIGQUIT,
                                      SIGHUP,   SIGTSTP, SIGPIPE, SIGTTOU};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
static struct sigaction crash_before[COUNT(crash_signals)];
static struct sigaction handled_before[COUNT(handled_signals)];
static volatile sig_atomic_t handlers_installed = 0;

static void post(unsigned char byte) {
  int kept = errno;
  if (pipe_ends[1] >= 0) {
    ssize_t ignored = write(pipe_ends[1], &byte, 1);
    (void)ignored;
  }
  errno = kept;
}

static void on_signal(int number) {
  switch (number) {
  case SIGWINCH: post(CTERMINAL_RESIZE); break;
  case SIGHUP: post(CTERMINAL_HANGUP); break;
  case SIGTSTP: post(CTERMINAL_SUSPEND); break;
  case SIGINT: post(CTERMINAL_INTERRUPT); break;
  default: post(CTERMINAL_TERMINATE); break;
  }
}

static void on_crash(int number) {
  cterminal_restore();
  cterminal_release_errors();
  signal(number, SIG_DFL);
  raise(number);
}

static void at_exit(void) {
  cterminal_restore();
  cterminal_release_errors();
}

int cterminal_open(void) {
  if (pipe_ends[0] < 0) {
    if (pipe(pipe_ends) != 0) return errno;
    for (int i = 0; i < 2; i++) {
      fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC);
      fcntl(pipe_ends[i], F_SETFL, fcntl(pipe_ends[i], F_GETFL) | O_NONBLOCK);
    }
  }
  if (tcgetattr(input, &saved) != 0) return errno;
  have_saved = 1;
  static int registered = 0;
  if (!registered) {
    registered = 1;
    atexit(at_exit);
  }
  return 0;
}

void cterminal_install_handlers(void) {
  if (handlers_installed) return;
  // Of this thread only; Core's SignalStack gives one to every other.
  stack_t stack;
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = alternate_stack;
  stack.ss_size = sizeof alternate_stack;
  sigaltstack(&stack, NULL);

  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < COUNT(handled_signals); i++) {
    int number = handled_signals[i];
    action.sa_handler = number == SIGPIPE || number == SIGTTOU ? SIG_IGN : on_signal;
    // Without SA_RESTART a read or write in progress notices the signal.
    action.sa_flags = 0;
    sigaction(number, &action, &handled_before[i]);
  }
  for (size_t i = 0; i < COUNT(crash_signals); i++) {
    action.sa_handler = on_crash;
    action.sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER;
    sigaction(crash_signals[i], &action, &crash_before[i]);
  }
  handlers_installed = 1;
}

int cterminal_raw(void) {
  if (!have_saved) return EINVAL;
  struct termios raw = saved;
  raw.c_iflag &= (tcflag_t) ~(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON | IXOFF | PARMRK);
  raw.c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  raw.c_cflag &= (tcflag_t) ~(CSIZE | PARENB);
  raw.c_cflag |= CS8;
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  needs_restore = 1;
  // TCSANOW: TCSAFLUSH would throw away what was typed ahead.
  return tcsetattr(input, TCSANOW, &raw) == 0 ? 0 : errno;
}

void cterminal_restore(void) {
  if (!needs_restore) return;
  needs_restore = 0;
  ssize_t ignored = 0;
  if (farewell_count > 0) ignored = write(output, farewell, (size_t)farewell_count);
  ignored = write(output, restore_sequence, sizeof restore_sequence - 1);
  (void)ignored;
  if (have_saved) tcsetattr(input, TCSANOW, &saved);
}

void cterminal_set_farewell(const unsigned char *bytes, size_t count) {
  // A crash in between writes none rather than half of it.
  farewell_count = 0;
  if (count == 0 || count > sizeof farewell) return;
  memcpy(farewell, bytes, count);
  farewell_count = (sig_atomic_t)count;
}

void cterminal_close(void) {
  if (handlers_installed) {
    for (size_t i = 0; i < COUNT(handled_signals); i++)
      sigaction(handled_signals[i], &handled_before[i], NULL);
    for (size_t i = 0; i < COUNT(crash_signals); i++)
      sigaction(crash_signals[i], &crash_before[i], NULL);
    handlers_installed = 0;
  }
  // The pipe stays: a worker may still wake it, and descriptors must not be reused under it.
}

void cterminal_stop_here(void) {
  struct sigaction stop, before;
  memset(&stop, 0, sizeof stop);
  stop.sa_handler = SIG_DFL;
  sigemptyset(&stop.sa_mask);
  sigaction(SIGTSTP, &stop, &before);
  sigset_t unblock, mask;
  sigemptyset(&unblock);
  sigaddset(&unblock, SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &unblock, &mask);
  raise(SIGTSTP);
  sigprocmask(SIG_SETMASK, &mask, NULL);
  sigaction(SIGTSTP, &before, NULL);
}

int cterminal_wait(int milliseconds) {
  struct pollfd fds[2] = {{.fd = input, .events = POLLIN}, {.fd = pipe_ends[0], .events = POLLIN}};
  int found = poll(fds, 2, milliseconds);
  if (found < 0) return errno == EINTR ? 0 : CTERMINAL_GONE;
  int bits = 0;
  if (fds[0].revents & POLLIN) bits |= CTERMINAL_INPUT;
  if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) bits |= CTERMINAL_GONE;
  if (fds[1].revents & POLLIN) bits |= CTERMINAL_SIGNAL;
  return bits;
}

int cterminal_read(unsigned char *buffer, int capacity) {
  // A plain read: VMIN 0 answers 0 when nothing is there, so poll must have said something is.
  struct pollfd ready = {.fd = input, .events = POLLIN};
  if (poll(&ready, 1, 0) <= 0) return 0;
  ssize_t count = read(input, buffer, (size_t)capacity);
  if (count > 0) return (int)count;
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return 0;
  return -1;
}

int cterminal_read_signals(unsigned char *buffer, int capacity) {
  ssize_t count = read(pipe_ends[0], buffer, (size_t)capacity);
  return count > 0 ? (int)count : 0;
}

int cterminal_write(const unsigned char *bytes, size_t count) {
  size_t done = 0;
  while (done < count) {
    ssize_t written = write(output, bytes + done, count - done);
    if (written > 0) {
      done += (size_t)written;
    } else if (written < 0 && errno == EAGAIN) {
      struct pollfd ready = {.fd = output, .events = POLLOUT};
      poll(&ready, 1, 1000);
      if (ready.revents & (POLLHUP | POLLERR)) return EIO;
    } else if (written < 0 && errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

void cterminal_wake(void) { post(CTERMINAL_WAKE); }

cterminal_size cterminal_measure(void) {
  struct winsize size;
  cterminal_size result = {0, 0, 0, 0};
  if (ioctl(output, TIOCGWINSZ, &size) == 0) {
    result.columns = size.ws_col;
    result.rows = size.ws_row;
    result.pixel_width = size.ws_xpixel;
    result.pixel_height = size.ws_ypixel;
  }
  return result;
}

int cterminal_is_terminal(void) { return isatty(input) && isatty(output); }

void cterminal_capture_errors(void) {
  if (real_errors >= 0) return;
  char name[] = "/tmp/cordscope-XXXXXX";
  mode_t mask = umask(077);
  int file = mkstemp(name);
  umask(mask);
  if (file < 0) return;
  unlink(name);
  fcntl(file, F_SETFD, FD_CLOEXEC);
  int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (kept < 0 || dup2(file, STDERR_FILENO) < 0) {
    close(file);
    if (kept >= 0) close(kept);
    return;
  }
  error_file = file;
  real_errors = kept;
}

void cterminal_release_errors(void) {
  if (real_errors < 0) return;
  int file = error_file;
  dup2(real_errors, STDERR_FILENO);
  close(real_errors);
  real_errors = -1;
  error_file = -1;
  lseek(file, 0, SEEK_SET);
  char buffer[4096];
  ssize_t count;
  while ((count = read(file, buffer, sizeof buffer)) > 0) {
    ssize_t ignored = write(STDERR_FILENO, buffer, (size_t)count);
    (void)ignored;
  }
  close(file);
}

void cterminal_harden(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

void cterminal_exit_now(int status) { _exit(status); }

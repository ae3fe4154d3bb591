// Vectors of Float as wide as the importing module's instruction set, and the few operations that
// Swift cannot spell: a multiply-add that fuses where the machine fuses (and stays two instructions
// where it does not, instead of calling libm per lane), loads and stores without alignment,
// lane-wise selection, and the bits of an exponent. Everything is inlined into the caller, so each
// kernel module gets the instructions of its own flags.
#pragma once

#define CS_INLINE static inline __attribute__((always_inline, unused))

#if defined(__AVX512F__)
#define cs_lanes 16L
#elif defined(__AVX2__)
#define cs_lanes 8L
#else
#define cs_lanes 4L
#endif

typedef float cs_vec __attribute__((ext_vector_type(cs_lanes)));
typedef int cs_bits __attribute__((ext_vector_type(cs_lanes)));
typedef float cs_four __attribute__((ext_vector_type(4)));
typedef float cs_eight __attribute__((ext_vector_type(8)));

CS_INLINE cs_vec cs_splat(float x) { return (cs_vec)(x); }

CS_INLINE cs_vec cs_load(const float *p) {
  cs_vec v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

CS_INLINE void cs_store(float *p, cs_vec v) { __builtin_memcpy(p, &v, sizeof v); }

/// The first `n` lanes from memory, the others `fill`; reads nothing beyond.
CS_INLINE cs_vec cs_load_part(const float *p, long n, float fill) {
  float lanes[cs_lanes];
  for (int i = 0; i < cs_lanes; i++) lanes[i] = fill;
  for (long i = 0; i < n && i < cs_lanes; i++) lanes[i] = p[i];
  return cs_load(lanes);
}

/// The first `n` lanes to memory; writes nothing beyond.
CS_INLINE void cs_store_part(float *p, cs_vec v, long n) {
  float lanes[cs_lanes];
  cs_store(lanes, v);
  for (long i = 0; i < n && i < cs_lanes; i++) p[i] = lanes[i];
}

/// a * b + c, fused where the instruction set fuses.
CS_INLINE cs_vec cs_fma(cs_vec a, cs_vec b, cs_vec c) {
  _Pragma("clang fp contract(fast)") return a * b + c;
}

CS_INLINE cs_eight cs_load8(const float *p) {
  cs_eight v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

CS_INLINE void cs_store8(float *p, cs_eight v) { __builtin_memcpy(p, &v, sizeof v); }

/// a * x + c for a row of eight.
CS_INLINE cs_eight cs_fma8(cs_eight a, float x, cs_eight c) {
  _Pragma("clang fp contract(fast)") return a * (cs_eight)(x) + c;
}

/// The larger lane; `b` where either is not a number, so bounds go first and NaN passes through.
CS_INLINE cs_vec cs_max(cs_vec a, cs_vec b) { return a > b ? a : b; }

/// The smaller lane; `b` where either is not a number.
CS_INLINE cs_vec cs_min(cs_vec a, cs_vec b) { return a < b ? a : b; }

/// `x` where a > b, else `y`.
CS_INLINE cs_vec cs_where_greater(cs_vec a, cs_vec b, cs_vec x, cs_vec y) { return a > b ? x : y; }

CS_INLINE cs_vec cs_abs(cs_vec a) { return __builtin_elementwise_abs(a); }

CS_INLINE cs_vec cs_sqrt(cs_vec a) { return __builtin_elementwise_sqrt(a); }

// The exponent of a power of two. AVX-512 rounds and scales by itself, down to zero; elsewhere x is
// bounded and 1.5 * 2^23 is added, which rounds it to an integer that stands in the low bits.
#if defined(__AVX512F__)
CS_INLINE cs_vec cs_bounded(cs_vec x) { return x; }

CS_INLINE cs_vec cs_exponent(cs_vec x) {
  return __builtin_ia32_rndscaleps_mask(x, 8, x, (unsigned short)-1, 4);
}

CS_INLINE cs_vec cs_remainder(cs_vec x, cs_vec exponent) { return x - exponent; }

CS_INLINE cs_vec cs_scale(cs_vec p, cs_vec exponent) {
  return __builtin_ia32_scalefps512_mask(p, exponent, p, (unsigned short)-1, 4);
}
#else
/// x, at least -126.
CS_INLINE cs_vec cs_bounded(cs_vec x) { return cs_max((cs_vec)(-126), x); }

/// x rounded to an integer, as a number for the two functions below.
CS_INLINE cs_vec cs_exponent(cs_vec x) { return x + 0x1.8p23f; }

/// x less the integer.
CS_INLINE cs_vec cs_remainder(cs_vec x, cs_vec exponent) { return x - (exponent - 0x1.8p23f); }

/// p * 2^integer for p near one.
CS_INLINE cs_vec cs_scale(cs_vec p, cs_vec exponent) {
  cs_bits a, n;
  __builtin_memcpy(&a, &p, sizeof a);
  __builtin_memcpy(&n, &exponent, sizeof n);
  a += n << 23;
  __builtin_memcpy(&p, &a, sizeof a);
  return p;
}
#endif

/// The sum of all lanes, halves first: one fixed order.
CS_INLINE float cs_sum(cs_vec v) {
#if cs_lanes == 16
  cs_eight e = v.lo + v.hi;
  cs_four f = e.lo + e.hi;
#elif cs_lanes == 8
  cs_four f = v.lo + v.hi;
#else
  cs_four f = v;
#endif
  return (f.x + f.z) + (f.y + f.w);
}

CS_INLINE float cs_sqrt1(float x) { return __builtin_elementwise_sqrt(x); }

CS_INLINE float cs_log1(float x) { return __builtin_logf(x); }

/// dst[c * to + r] = src[r * from + c] * factor[r] for a block of four by four.
CS_INLINE void cs_transpose4(float *dst, long to, const float *src, long from, cs_four factor) {
  cs_four a, b, c, d;
  __builtin_memcpy(&a, src, sizeof a);
  __builtin_memcpy(&b, src + from, sizeof b);
  __builtin_memcpy(&c, src + 2 * from, sizeof c);
  __builtin_memcpy(&d, src + 3 * from, sizeof d);
  cs_four ab0 = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  cs_four ab1 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  cs_four cd0 = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  cs_four cd1 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  a = factor * __builtin_shufflevector(ab0, cd0, 0, 1, 4, 5);
  b = factor * __builtin_shufflevector(ab0, cd0, 2, 3, 6, 7);
  c = factor * __builtin_shufflevector(ab1, cd1, 0, 1, 4, 5);
  d = factor * __builtin_shufflevector(ab1, cd1, 2, 3, 6, 7);
  __builtin_memcpy(dst, &a, sizeof a);
  __builtin_memcpy(dst + to, &b, sizeof b);
  __builtin_memcpy(dst + 2 * to, &c, sizeof c);
  __builtin_memcpy(dst + 3 * to, &d, sizeof d);
}

/// The widest instruction set that processor and system support: 2 AVX-512, 1 AVX2, 0 baseline.
CS_INLINE int cs_isa(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
    return 2;
  }
  return avx2 ? 1 : 0;
#else
  return 0;
#endif
}

/* The loops that compiled programs spend their time in; the rest is JavaScript.

   kernels.wasm is made from this file by tests/page/test_kernels.py (DLBOOK_WRITE_KERNELS=1), with
   the C compiler in the PyPI package ziglang. The book is built from the committed kernels.wasm. */

typedef float four __attribute__((vector_size(16), aligned(4)));
#define EXPORT(name) __attribute__((export_name(name)))
#define ROWS 4    /* of the result, kept in registers */
#define COLUMNS 8 /* two vectors of four */

static inline four all(float x) { return (four){x, x, x, x}; }
static inline four load(const float *from) { return *(const four *)from; }
static inline void save(float *to, four x) { *(four *)to = x; }

/* ROWS x COLUMNS of the result at once. a: rows `row` apart, elements `step` apart. */
static inline void tile(int inner, const float *a, int row, int step, const float *b, int next,
                        float *out, int width) {
  four sum[ROWS][2];
  for (int r = 0; r < ROWS; r++) sum[r][0] = sum[r][1] = all(0);
  for (int k = 0; k < inner; k++, b += next, a += step) {
    four left = load(b), right = load(b + 4);
    for (int r = 0; r < ROWS; r++) {
      four x = all(a[r * row]);
      sum[r][0] += x * left;
      sum[r][1] += x * right;
    }
  }
  for (int r = 0; r < ROWS; r++) {
    save(out + r * width, sum[r][0]);
    save(out + r * width + 4, sum[r][1]);
  }
}

/* One row of COLUMNS results. */
static inline void strip(int inner, const float *a, int step, const float *b, int next, float *out) {
  four left = all(0), right = all(0);
  for (int k = 0; k < inner; k++, b += next, a += step) {
    left += all(*a) * load(b);
    right += all(*a) * load(b + 4);
  }
  save(out, left);
  save(out + 4, right);
}

/* One result. */
static inline float dot(int inner, const float *a, int step, const float *b, int next) {
  float sum = 0;
  for (int k = 0; k < inner; k++) sum += a[k * step] * b[k * next];
  return sum;
}

/* ROWS results of one column. */
static inline void column(int inner, const float *a, int row, int step, const float *b, int next,
                          float *out, int width) {
  float sum[ROWS] = {0, 0, 0, 0};
  for (int k = 0; k < inner; k++, b += next, a += step)
    for (int r = 0; r < ROWS; r++) sum[r] += a[r * row] * *b;
  for (int r = 0; r < ROWS; r++) out[r * width] = sum[r];
}

/* out[rows, width] = a[rows, inner] @ b[inner, width]; the rows of b lie `next` apart. */
EXPORT("product")
void product(int rows, int inner, int width, const float *a, int row, int step, const float *b,
             int next, float *out) {
  int i = 0;
  for (; i + ROWS <= rows; i += ROWS, a += ROWS * row, out += ROWS * width) {
    int j = 0;
    for (; j + COLUMNS <= width; j += COLUMNS)
      tile(inner, a, row, step, b + j, next, out + j, width);
    for (; j < width; j++) column(inner, a, row, step, b + j, next, out + j, width);
  }
  for (; i < rows; i++, a += row, out += width) {
    int j = 0;
    for (; j + COLUMNS <= width; j += COLUMNS) strip(inner, a, step, b + j, next, out + j);
    for (; j < width; j++) out[j] = dot(inner, a, step, b + j, next);
  }
}

/* The elements of a strided array of six axes, in their order. */
EXPORT("copy")
void copy(float *out, const float *from, int n0, int n1, int n2, int n3, int n4, int n5, int s0,
          int s1, int s2, int s3, int s4, int s5) {
  for (int i0 = 0; i0 < n0; i0++)
    for (int i1 = 0; i1 < n1; i1++)
      for (int i2 = 0; i2 < n2; i2++)
        for (int i3 = 0; i3 < n3; i3++)
          for (int i4 = 0; i4 < n4; i4++) {
            const float *x = from + i0 * s0 + i1 * s1 + i2 * s2 + i3 * s3 + i4 * s4;
            for (int i5 = 0; i5 < n5; i5++) *out++ = x[i5 * s5];
          }
}

/* Functions of every element, in place; n is rounded up to whole vectors, as buffers are. NaN stays
   NaN, exp overflows to infinity. Polynomials: Cephes (exp), Eigen (tanh). */
#define FOR_ALL(x, n) for (float *end = x + n; x < end; x += 4)

static inline four least(four a, four b) { return __builtin_wasm_min_f32x4(a, b); }
static inline four most(four a, four b) { return __builtin_wasm_max_f32x4(a, b); }

typedef int whole __attribute__((vector_size(16)));
static inline four power_of_two(whole n) { return (four)((n + 127) << 23); }

static inline four exp_of(four x) {
  x = most(all(-104), least(all(89), x)); /* 0 and infinity lie beyond */
  four n = __builtin_wasm_nearest_f32x4(x * all(1.44269504088896341f));
  four r = x - n * all(0.693359375f) + n * all(2.12194440e-4f);
  four p = all(1.9875691500e-4f);
  p = p * r + all(1.3981999507e-3f);
  p = p * r + all(8.3334519073e-3f);
  p = p * r + all(4.1665795894e-2f);
  p = p * r + all(1.6666665459e-1f);
  p = p * r + all(5.0000001201e-1f);
  p = p * r * r + r + all(1);
  whole k = __builtin_wasm_trunc_saturate_s_i32x4_f32x4(n), half = k >> 1;
  return p * power_of_two(half) * power_of_two(k - half);
}

static inline four tanh_of(four x) {
  x = most(all(-7.90531110763549805f), least(all(7.90531110763549805f), x)); /* 1 beyond */
  four y = x * x, p = all(-2.76076847742355e-16f);
  p = p * y + all(2.00018790482477e-13f);
  p = p * y + all(-8.60467152213735e-11f);
  p = p * y + all(5.12229709037114e-08f);
  p = p * y + all(1.48572235717979e-05f);
  p = p * y + all(6.37261928875436e-04f);
  p = p * y + all(4.89352455891786e-03f);
  four q = all(1.19825839466702e-06f);
  q = q * y + all(1.18534705686654e-04f);
  q = q * y + all(2.26843463243900e-03f);
  q = q * y + all(4.89352518554385e-03f);
  return most(all(-1), least(all(1), x * p / q));
}

EXPORT("exp")
void exp_all(float *x, int n) { FOR_ALL(x, n) save(x, exp_of(load(x))); }

EXPORT("tanh")
void tanh_all(float *x, int n) { FOR_ALL(x, n) save(x, tanh_of(load(x))); }

EXPORT("sigmoid")
void sigmoid_all(float *x, int n) { FOR_ALL(x, n) save(x, all(1) / (all(1) + exp_of(-load(x)))); }

EXPORT("relu")
void relu_all(float *x, int n) { FOR_ALL(x, n) save(x, most(all(0), load(x))); }

/* The gradient of relu: x stays where y > 0 (or is not a number), and is 0 elsewhere. */
EXPORT("gate")
void gate(float *x, const float *y, int n) {
  for (float *end = x + n; x < end; x += 4, y += 4)
    save(x, (four)((whole)load(x) & ~(whole)(load(y) <= all(0))));
}

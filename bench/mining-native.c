/*
 * The loop that one writes in C over OpenSSL's low-level SHA-256, which uses the processor's SHA
 * instructions: of a header the midstate is kept, and the two blocks are padded beforehand and given
 * to SHA256_Transform, which saves what SHA256_Update and SHA256_Final do around it.
 *
 *   mining-native header MILLISECONDS HEX | mining-native classic MILLISECONDS BEFORE AFTER
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#define _POSIX_C_SOURCE 200809L
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRIES = 10000 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static unsigned found;

static void search_header(const unsigned char header[80], uint32_t from) {
  SHA256_CTX initial, midstate, state;
  unsigned char tail[64] = {0}, digest[64] = {0};
  SHA256_Init(&initial);
  midstate = initial;
  state = initial;
  SHA256_Transform(&midstate, header);
  memcpy(tail, header + 64, 16);
  tail[16] = 0x80, tail[62] = 640 >> 8, tail[63] = 640 & 255;
  digest[32] = 0x80, digest[62] = 256 >> 8;
  for (uint32_t nonce = from; nonce < from + TRIES; nonce++) {
    memcpy(tail + 12, &nonce, 4);
    memcpy(state.h, midstate.h, 32);
    SHA256_Transform(&state, tail);
    for (int i = 0; i < 8; i++) {
      uint32_t word = __builtin_bswap32(state.h[i]);
      memcpy(digest + 4 * i, &word, 4);
    }
    memcpy(state.h, initial.h, 32);
    SHA256_Transform(&state, digest);
    found += (state.h[7] | state.h[6]) == 0;
  }
}

static void search_classic(const char *before, const char *after, uint32_t from) {
  char text[512];
  unsigned char digest[32];
  size_t start = strlen(before), length;
  length = (size_t)snprintf(text, sizeof text, "%s%u%s", before, from, after);
  size_t units = length - strlen(after) - 1;
  for (int i = 0; i < TRIES; i++) {
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, text, length);
    SHA256_Final(digest, &state);
    uint64_t first;
    memcpy(&first, digest, 8);
    found += first == 0;
    for (size_t at = units; at >= start && ++text[at] > '9'; at--) text[at] = '0';
  }
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int is_header = strcmp(argv[1], "header") == 0;
  double begun = seconds(), end = begun + atof(argv[2]) / 1000, tried = 0;
  unsigned char header[80] = {0};
  for (int i = 0; is_header && i < 80; i++) sscanf(argv[3] + 2 * i, "%2hhx", header + i);
  for (uint32_t from = 100000; seconds() < end; from = from < 900000 ? from + TRIES : 100000) {
    if (is_header) search_header(header, from);
    else search_classic(argv[3], argv[4], from);
    tried += TRIES;
  }
  if (found > 1000) return 1;
  printf("%.0f\n", tried / (seconds() - begun));
  return 0;
}

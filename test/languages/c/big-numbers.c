// The digits of 2 to the 1000, in pieces of nine.
uint32_t digits[40] = {1};
int length = 1;
void multiply(uint32_t factor) {
  uint64_t over = 0;
  for (int i = 0; i < length; ++i) {
    over += (uint64_t)digits[i] * factor;
    digits[i] = over % 1000000000;
    over /= 1000000000;
  }
  if (over) digits[length++] = over;
}
for (int i = 0; i < 1000; ++i) multiply(2);
length
// %%
printf("%u", digits[length - 1]);
for (int i = length - 2; i >= 0; --i) printf("%09u", digits[i]);
printf("\n");
// %%
int sum = 0;
for (int i = 0; i < length; ++i)
  for (uint32_t rest = digits[i]; rest; rest /= 10) sum += rest % 10;
sum
// %%
unsigned __int128 power = (unsigned __int128)1 << 100;
power

BigInteger.TWO.pow(200)
// %%
BigInteger factorial(int n) {
    return IntStream.rangeClosed(1, n).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
}
factorial(30)
// %%
BigDecimal arctan(int inverse, MathContext context) {
    BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(inverse), context);
    BigDecimal square = BigDecimal.valueOf((long) inverse * inverse);
    BigDecimal sum = power;
    for (int k = 3, sign = -1; power.scale() - power.precision() < context.getPrecision(); k += 2, sign = -sign) {
        power = power.divide(square, context);
        sum = sum.add(power.divide(BigDecimal.valueOf((long) sign * k), context), context);
    }
    return sum;
}
var context = new MathContext(60);
// Machin: pi = 16 atan(1/5) - 4 atan(1/239)
BigDecimal pi = arctan(5, context).multiply(BigDecimal.valueOf(16)).subtract(arctan(239, context).multiply(BigDecimal.valueOf(4)));
pi.toString().substring(0, 52)
// %%
Math.addExact(Integer.MAX_VALUE, 0) + 1
// %%
new BigInteger("170141183460469231731687303715884105727").isProbablePrime(50)
// %%
Math.addExact(Integer.MAX_VALUE, 1)

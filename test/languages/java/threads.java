var pool = Executors.newFixedThreadPool(3);
List<Future<Integer>> squares = new ArrayList<>();
for (int i = 1; i <= 5; i++) {
    int n = i;
    squares.add(pool.submit(() -> n * n));
}
// %%
// The pool works on in later cells.
int sum = 0;
for (var square : squares) sum += square.get();
sum
// %%
AtomicInteger hits = new AtomicInteger();
CompletableFuture.allOf(IntStream.range(0, 50).mapToObj(i -> CompletableFuture.runAsync(hits::incrementAndGet, pool)).toArray(CompletableFuture[]::new)).join();
hits.get()
// %%
CompletableFuture.supplyAsync(() -> "later", pool).thenApply(String::toUpperCase).get(10, TimeUnit.SECONDS)
// %%
pool.submit(() -> { throw new IllegalStateException("in the pool"); }).get();
// %%
pool.shutdown();

std::atomic<int> total = 0;
void race() {
  std::vector<std::jthread> threads;
  for (int i = 1; i <= 4; ++i) threads.emplace_back([i] { for (int n = 0; n < 1000; ++n) total += i; });
}
race();
total
// %%
std::mutex gate;
std::condition_variable ready;
std::deque<int> queue;
std::thread producer([] {
  for (int i = 0; i < 3; ++i) {
    std::lock_guard lock(gate);
    queue.push_back(i * i);
    ready.notify_one();
  }
});
for (int taken = 0; taken < 3; ++taken) {
  std::unique_lock lock(gate);
  while (queue.empty()) ready.wait(lock);
  std::cout << queue.front() << " ";
  queue.pop_front();
}
producer.join();
// %%
auto later = std::async(std::launch::async, [] { return std::string("from another thread"); });
later.get()
// %%
thread_local int own = 1;
std::thread([] { own = 2; }).join();
own

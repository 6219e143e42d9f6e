package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func worker(jobs <-chan int, results chan<- int, done *sync.WaitGroup) {
	defer done.Done()
	for job := range jobs {
		results <- job * job
	}
}
// %%
jobs, results := make(chan int, 10), make(chan int, 10)
var done sync.WaitGroup
for range 3 {
	done.Add(1)
	go worker(jobs, results, &done)
}
for n := 1; n <= 10; n++ {
	jobs <- n
}
close(jobs)
done.Wait()
close(results)
sum := 0
for result := range results {
	sum += result
}
sum
// %%
func generate(limit int) <-chan int {
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for n := 2; n <= limit; n++ {
			numbers <- n
		}
	}()
	return numbers
}

func filter(in <-chan int, prime int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in {
			if n%prime != 0 {
				out <- n
			}
		}
	}()
	return out
}

func sieve(limit int) (primes []int) {
	source := generate(limit)
	for prime, ok := <-source; ok; prime, ok = <-source {
		primes = append(primes, prime)
		source = filter(source, prime)
	}
	return
}
sieve(30)
// %%
ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
defer cancel()
select {
case <-ctx.Done():
	fmt.Println(ctx.Err())
case <-time.After(time.Minute):
	fmt.Println("late")
}
// %%
var mutex sync.Mutex
hits := map[string]int{}
func hit(name string) {
	mutex.Lock()
	defer mutex.Unlock()
	hits[name]++
}
// %%
var group sync.WaitGroup
for i := range 20 {
	group.Add(1)
	go func() {
		defer group.Done()
		hit([]string{"even", "odd"}[i%2])
	}()
}
group.Wait()
hits
// %%
messages := make(chan string)
background := func() {
	for i := 1; ; i++ {
		messages <- fmt.Sprint("message ", i)
	}
}
go background()
<-messages
// %%
<-messages

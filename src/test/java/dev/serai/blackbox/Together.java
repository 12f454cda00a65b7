package dev.serai.blackbox;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Does the same thing many times at once. */
final class Together {
  private Together() {}

  /** What each of {@code count} threads came back with, in the order of their numbers from 0. */
  static <T> List<T> run(int count, IntFunction<T> work) throws InterruptedException {
    List<Callable<T>> tasks =
        IntStream.range(0, count).<Callable<T>>mapToObj(i -> () -> work.apply(i)).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(tasks).stream().map(Together::result).toList();
    }
  }

  private static <T> T result(Future<T> done) {
    if (done.state() == Future.State.FAILED) {
      throw new AssertionError("one of many failed", done.exceptionNow());
    }
    return done.resultNow();
  }
}

package dev.serai.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.FakeProvider;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ApacheWireTest {

  @Test
  void a_call_that_is_cancelled_while_it_connects_fails_as_a_broken_connection() throws Exception {
    Set<Class<?>> failures = new HashSet<>();
    try (FakeProvider provider = FakeProvider.start()) {
      ApacheWire wire = new ApacheWire(Duration.ofSeconds(5), 10);
      URI uri = URI.create(provider.baseUrl() + "/chat/completions");
      for (int i = 0; i < 2000; i++) {
        Wire.Call call = wire.post(uri, Map.of(), new byte[] {'{', '}'});
        long after = i % 200 * 1000L;
        Thread canceller =
            Thread.startVirtualThread(
                () -> {
                  LockSupport.parkNanos(after);
                  call.cancel();
                });
        try {
          call.open().release();
        } catch (IOException e) {
          failures.add(IOException.class);
        } catch (RuntimeException e) {
          failures.add(e.getClass());
        }
        canceller.join();
      }
      wire.close();
    }

    assertThat(failures).containsExactly(IOException.class);
  }
}

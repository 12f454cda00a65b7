package dev.serai.provider;

import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A provider on 127.0.0.1 that speaks HTTP/1.1 over plain sockets, so that it can stall, cut and
 * see its clients leave. It records every call and answers as its script says: the queued
 * behaviours first, then the default one.
 */
public final class FakeProvider implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Call> calls = new ArrayList<>();
  private final Queue<Behaviour> queued = new ArrayDeque<>();
  private Function<Call, Behaviour> script = call -> Behaviour.answer();
  private @Nullable Behaviour check;
  private int connections;
  private int numbers;
  private int inFlight;
  private int peakInFlight;

  private FakeProvider(ServerSocket listener) {
    this.listener = listener;
  }

  /** A provider that answers every call well until told otherwise. */
  public static FakeProvider start() {
    try {
      FakeProvider provider =
          new FakeProvider(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()));
      Thread.ofPlatform().daemon().name("fake-provider").start(provider::accept);
      return provider;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With {@code /v1} at its end and no slash after it. */
  public String baseUrl() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
  }

  /** How calls are answered for which nothing is queued. */
  public synchronized FakeProvider byDefault(Behaviour behaviour) {
    return script(call -> behaviour);
  }

  /** As {@link #byDefault}, chosen per call. */
  public synchronized FakeProvider script(Function<Call, Behaviour> behaviourOf) {
    script = behaviourOf;
    return this;
  }

  /** How a GET of {@code /models} or {@code /key} is answered; 404 without this. */
  public synchronized FakeProvider whenChecked(Behaviour behaviour) {
    check = behaviour;
    return this;
  }

  /** How many connections were opened since the start. */
  public synchronized int connections() {
    return connections;
  }

  /** How the next calls are answered, one behaviour each. */
  public synchronized FakeProvider next(Behaviour... behaviours) {
    queued.addAll(List.of(behaviours));
    return this;
  }

  /** The calls since the start or the last {@link #reset}, in the order of their arrival. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Waits up to ten seconds for so many calls. */
  public List<Call> awaitCalls(int count) {
    await().atMost(Duration.ofSeconds(10)).until(() -> calls().size() >= count);
    return calls();
  }

  /** The largest number of calls that were being answered at one time. */
  public synchronized int peakInFlight() {
    return peakInFlight;
  }

  /** Forgets the calls and the script; the numbers of calls go on rising. */
  public synchronized void reset() {
    calls.clear();
    queued.clear();
    script = call -> Behaviour.answer();
    check = null;
    peakInFlight = inFlight;
  }

  @Override
  public void close() {
    closeQuietly(listener);
    sockets.forEach(FakeProvider::closeQuietly);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        count();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private synchronized void count() {
    connections++;
  }

  private void serve(Socket socket) {
    AtomicReference<@Nullable Call> current = new AtomicReference<>();
    try (socket;
        OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
      socket.setTcpNoDelay(true);
      Inbound in = new Inbound();
      var source = socket.getInputStream();
      Thread.ofVirtual().start(() -> in.pump(source, () -> leave(current.get())));
      boolean reusable = true;
      while (reusable) {
        Request request = Request.read(in, out);
        if (request == null) {
          return;
        }
        Call call = arrive(request);
        current.set(call);
        Reply reply = new Reply(socket, out, in, call);
        try {
          behaviourOf(call).play(reply);
        } catch (IOException e) {
          // Writing may notice it before reading does.
          call.clientGone();
          return;
        } finally {
          end(call);
        }
        reusable = reply.reusable();
      }
    } catch (IOException e) {
      leave(current.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(socket);
    }
  }

  private synchronized Call arrive(Request request) {
    Call call = new Call(++numbers, System.nanoTime(), request);
    calls.add(call);
    peakInFlight = Math.max(peakInFlight, ++inFlight);
    return call;
  }

  private synchronized Behaviour behaviourOf(Call call) {
    if (check != null && call.method().equals("GET") && call.path().matches(".*/(models|key)")) {
      return check;
    }
    String path = call.path();
    boolean known =
        path.endsWith("/chat/completions")
            || path.equals("/v1/messages")
            || path.startsWith("/model/")
            || call.embeddings();
    if (!call.method().equals("POST") || !known) {
      return Behaviour.status(404);
    }
    Behaviour behaviour = queued.poll();
    return behaviour == null ? script.apply(call) : behaviour;
  }

  private synchronized void end(Call call) {
    inFlight--;
    call.end();
  }

  private static void leave(@Nullable Call call) {
    if (call != null) {
      call.clientGone();
    }
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // It is going away anyhow.
    }
  }
}

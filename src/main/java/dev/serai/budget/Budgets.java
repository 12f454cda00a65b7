package dev.serai.budget;

import dev.serai.ledger.Change;
import dev.serai.ledger.Changes;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;

/**
 * The budgets in force, all of them in memory; how much of them is left only the database knows.
 * What is set through the admin API is in force when the setting returns; on other replicas a
 * changed limit is too, and a new budget as soon as the change is heard of.
 */
public final class Budgets implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);
  private static final long AGAIN_MILLIS = 1000;
  private static final int MOST_REFUSING = 100_000;
  private static final long RECOUNT_MILLIS = 10_000;
  private static final long PURGE_MILLIS = 600_000;

  private final BudgetStore store;
  private final PeriodStore periods;
  private final Map<Subject, Budget> configured;
  private final Clock clock;
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("budgets").daemon().factory());
  private final AtomicBoolean due = new AtomicBoolean();
  private final Set<OpenPeriod> refusing = ConcurrentHashMap.newKeySet();
  private volatile Map<Subject, Granted> inForce = Map.of();
  private long refreshedAt = System.nanoTime();
  private volatile Map<String, String> replacedKeys = Map.of();

  /** A budget and the period that is running, once somebody asked for it. */
  private static final class Granted {
    private final Budget budget;
    private volatile @Nullable OpenPeriod open;

    Granted(Budget budget) {
      this.budget = budget;
    }
  }

  Budgets(
      BudgetStore store,
      PeriodStore periods,
      Map<Subject, Budget> configured,
      Changes changes,
      Clock clock) {
    this.store = store;
    this.periods = periods;
    this.configured = configured;
    this.clock = clock;
    for (Change.Kind kind :
        List.of(Change.Kind.BUDGET, Change.Kind.TENANT, Change.Kind.GATEWAY_KEY)) {
      changes.listen(kind, subject -> readSoon());
    }
    read(true);
    every(RECOUNT_MILLIS, "recounted", periods::recount);
    every(PURGE_MILLIS, "purged of old periods", periods::purge);
  }

  /** Whether there is any budget at all. */
  public boolean any() {
    return !inForce.isEmpty();
  }

  /** The budget in force for a subject; null when there is none. */
  public @Nullable Budget of(Subject subject) {
    Granted granted = inForce.get(subject);
    return granted == null ? null : granted.budget;
  }

  /** A call was refused because a period has no room, not even when all under way is over. */
  public void refused(OpenPeriod full) {
    if (refusing.size() >= MOST_REFUSING) {
      refusing.clear();
    }
    refusing.add(full);
  }

  /** Whether that was so in this process. */
  public boolean refusing(OpenPeriod period) {
    return period.budget().hard() && refusing.contains(period);
  }

  /** All budgets in force. */
  public List<Budget> all() {
    return inForce.values().stream().map(granted -> granted.budget).toList();
  }

  /**
   * The running periods of all budgets that apply to a call of these. What a key spends that was
   * replaced counts for the one in its place, too, so that a budget is not granted twice.
   *
   * @throws LedgerUnavailableException when one is not known and the database cannot be used
   */
  public List<OpenPeriod> applying(Collection<Subject> subjects) {
    if (inForce.isEmpty()) {
      return List.of();
    }
    return running(counting(subjects));
  }

  /** With the keys that took the place of others and have a budget. */
  private Collection<Subject> counting(Collection<Subject> subjects) {
    return ReplacedKeys.with(subjects, replacedKeys, inForce::containsKey);
  }

  /** Whether one of the budgets that apply to a call of these is never to be exceeded. */
  public boolean hard(Collection<Subject> subjects) {
    for (Subject subject : counting(subjects)) {
      Budget budget = of(subject);
      if (budget != null && budget.hard()) {
        return true;
      }
    }
    return false;
  }

  /** As {@link #applying}, those that are known without asking the database. */
  public List<OpenPeriod> known(Collection<Subject> subjects) {
    Map<Subject, Granted> now = inForce;
    Instant instant = clock.instant();
    List<OpenPeriod> open = new ArrayList<>(subjects.size());
    for (Subject subject : counting(subjects)) {
      Granted granted = now.get(subject);
      OpenPeriod known = granted == null ? null : granted.open;
      if (known != null && known.span().holds(instant)) {
        open.add(known);
      }
    }
    return open;
  }

  private OpenPeriod open(Granted granted, Instant now) {
    OpenPeriod open = granted.open;
    if (open != null && open.span().holds(now)) {
      return open;
    }
    synchronized (granted) {
      open = granted.open;
      if (open == null || !open.span().holds(now)) {
        open = periods.open(granted.budget, now);
        granted.open = open;
      }
      return open;
    }
  }

  /**
   * How a budget in force stands now; null when there is none for the subject.
   *
   * @throws LedgerUnavailableException when the database cannot be used
   */
  public @Nullable Standing standing(Subject subject) {
    read(true);
    List<Standing> standing = standings(List.of(subject));
    return standing.isEmpty() ? null : standing.getFirst();
  }

  /**
   * How all budgets in force stand now.
   *
   * @throws LedgerUnavailableException when the database cannot be used
   */
  public List<Standing> standings() {
    read(true);
    return standings(inForce.keySet());
  }

  private List<Standing> standings(Collection<Subject> subjects) {
    List<OpenPeriod> open = running(subjects);
    List<Standing> standing = periods.standings(open);
    if (standing.size() < open.size()) {
      refresh();
      standing = periods.standings(running(subjects));
    }
    return standing;
  }

  private List<OpenPeriod> running(Collection<Subject> subjects) {
    Map<Subject, Granted> now = inForce;
    Instant instant = clock.instant();
    List<OpenPeriod> open = new ArrayList<>(subjects.size());
    for (Subject subject : subjects) {
      Granted granted = now.get(subject);
      if (granted != null) {
        open.add(open(granted, instant));
      }
    }
    return open;
  }

  /** What was set for a subject through the admin API; null when nothing was. */
  public @Nullable Budget find(Subject subject) {
    return store.find(subject);
  }

  /** Sets a budget: in force here when this returns. */
  public void put(Budget budget, String actor) {
    Budget before = configured.get(budget.subject());
    try {
      store.put(budget, before, clock.instant(), actor);
    } catch (DuplicateKeyException e) {
      // Somebody else set the first one of this subject at the same moment.
      store.put(budget, before, clock.instant(), actor);
    }
    refresh();
  }

  /** Takes away what was set through the admin API; null when there was nothing. */
  public @Nullable Budget delete(Subject subject, String actor) {
    Budget before = store.delete(subject, configured.get(subject), clock.instant(), actor);
    if (before != null) {
      refresh();
    }
    return before;
  }

  /**
   * Takes away what was set for a tenant and its keys, inside the transaction of the caller, who
   * tells of a change of the tenant.
   */
  public void forgetTenant(String id) {
    store.forgetTenant(id);
  }

  /** As {@link #forgetTenant}, for a key. */
  public void forgetKey(String id) {
    store.forgetKey(id);
  }

  /**
   * Sets for a key what is set for the one whose place it takes, inside the transaction of the
   * caller, who tells of a change of the key. What the old one spent and spends from now on counts
   * for the new one, too.
   */
  public void copyKey(String from, String to) {
    store.replaced().add(from, to);
    Subject old = new Subject(Scope.KEY, from);
    Budget stored = store.find(old);
    Budget budget = stored == null ? configured.get(old) : stored;
    if (budget != null) {
      Instant now = clock.instant();
      Budget copy =
          new Budget(
              new Subject(Scope.KEY, to),
              budget.limitNanos(),
              budget.period(),
              budget.zone(),
              budget.mode(),
              budget.carryOver(),
              budget.onBudget(),
              now);
      store.insert(copy, now, now);
      Period.Span span = copy.spanAt(now);
      periods.insert(copy, span, now);
      periods.inherit(old, copy.subject(), span);
    }
  }

  /** Reads all budgets and looks up the running periods anew, once for all who ask together. */
  public void refresh() {
    long asked = System.nanoTime();
    synchronized (this) {
      if (refreshedAt - asked <= 0) {
        refreshedAt = System.nanoTime();
        read(false);
      }
    }
  }

  private synchronized void read(boolean keepPeriods) {
    Map<Subject, Budget> all = new HashMap<>(configured);
    all.putAll(store.all());
    boolean ofKeys = all.keySet().stream().anyMatch(subject -> subject.scope() == Scope.KEY);
    replacedKeys = ofKeys ? Map.copyOf(store.replaced().all()) : Map.of();
    Map<Subject, Granted> known = inForce;
    Map<Subject, Granted> granted = new HashMap<>();
    all.forEach(
        (subject, budget) -> {
          Granted before = known.get(subject);
          boolean same = keepPeriods && before != null && before.budget.equals(budget);
          granted.put(subject, same ? before : new Granted(budget));
        });
    inForce = granted;
  }

  /** Once for all changes that come before the reading begins. */
  private void readSoon() {
    if (due.compareAndSet(false, true)) {
      reader.execute(
          () -> {
            due.set(false);
            readSafely();
          });
    }
  }

  private void readSafely() {
    try {
      read(true);
    } catch (RuntimeException e) {
      LOG.warn("the budgets cannot be read, those known stay: class={}", e.getClass().getName());
      var unused = reader.schedule(this::readSafely, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void every(long millis, String what, Consumer<Instant> work) {
    Runnable safely =
        () -> {
          try {
            work.accept(clock.instant());
          } catch (RuntimeException e) {
            LOG.warn(
                "budgets cannot be {}, it is tried again: class={}", what, e.getClass().getName());
          }
        };
    var unused = reader.scheduleWithFixedDelay(safely, millis, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}

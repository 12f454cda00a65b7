package dev.serai.limit;

import java.util.ArrayList;
import java.util.List;

/** What a call has taken of its limits. Settled or given back once; from any thread. */
public final class Hold {

  private final Limiter limiter;
  private List<Standing> standings;
  private boolean over;

  Hold(Limiter limiter, List<Standing> standings) {
    this.limiter = limiter;
    this.standings = List.copyOf(standings);
  }

  /** How these limits stand, as far as this call knows. */
  public synchronized List<Standing> standings() {
    return standings;
  }

  /** What was to be done was not: all of it goes back. */
  public void giveBack() {
    settle(0, false);
  }

  /**
   * It was done: tokens that were taken and not used go back, what was used beyond is taken.
   *
   * @param tokens what was used
   * @param counts whether the requests that were taken stay taken
   */
  public synchronized void settle(long tokens, boolean counts) {
    if (over) {
      return;
    }
    over = true;
    List<Standing> after = new ArrayList<>(standings.size());
    for (Standing standing : standings) {
      Draw draw = standing.draw();
      long used = draw.measure().tokens() ? tokens : counts ? draw.amount() : 0;
      long back = draw.amount() - used;
      limiter.add(standing, back);
      after.add(standing.returned(back));
    }
    standings = after;
  }
}

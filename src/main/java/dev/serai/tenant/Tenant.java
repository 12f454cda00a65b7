package dev.serai.tenant;

import java.util.regex.Pattern;

/**
 * Somebody who calls and is billed.
 *
 * @param id stable name, {@code [A-Za-z0-9._-]{1,64}}
 * @param name for people
 * @param tier whose provider account pays
 * @param maxInFlight the most requests at the same time; 0 = no limit of its own
 */
public record Tenant(String id, String name, Tier tier, int maxInFlight) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Whether a text can be a tenant's id. */
  public static boolean validId(String id) {
    return ID.matcher(id).matches();
  }
}

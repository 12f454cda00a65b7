package dev.serai.tenant;

/**
 * Somebody who calls and is billed.
 *
 * @param id stable name, {@code [A-Za-z0-9._-]{1,64}}
 * @param name for people
 * @param maxInFlight the most requests at the same time; 0 = no limit of its own
 */
public record Tenant(String id, String name, int maxInFlight) {}

package dev.serai.limit;

/**
 * Whom a limit is for.
 *
 * @param scope what sort of thing
 * @param id which one
 */
public record Subject(Scope scope, String id) {

  /** All requests together. */
  public static final Subject GATEWAY = new Subject(Scope.GATEWAY, "gateway");

  /** {@code scope/id}: its name in the audit and among replicas. */
  public String path() {
    return scope.label() + "/" + id;
  }
}

package dev.serai.build;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.serai.Beside;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The house's plan: which package may know which, and what none of them may do. */
@Beside
class ArchitectureTest {
  private static final String HOME = "dev.serai.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.serai");

  /** Every package, what it may know of the others and of the world, and why. */
  static final List<Part> PLAN =
      List.of(
          part("chat", "", "").because("everything speaks of these records, so they know nobody"),
          part("catalog", "chat", "org.springframework")
              .because("configuration is typed data: read by Spring, used by anyone"),
          part("pricelist", "chat catalog policy", "com.fasterxml.jackson org.springframework")
              .because("public price files are read beside the catalog, and never by the gateway"),
          part(
                  "tenant",
                  "chat catalog ledger",
                  "javax.crypto org.springframework com.github.benmanes.caffeine")
              .because("who calls is decided before anything else is known"),
          part(
                  "tenant.credential",
                  "chat catalog ledger",
                  "com.google.crypto.tink com.github.benmanes.caffeine io.micrometer javax.crypto"
                      + " org.slf4j org.springframework software.amazon.awssdk")
              .because("secrets are encrypted, opened and forgotten in one place"),
          part("policy", "chat catalog", "com.knuddels.jtokkit")
              .because("decisions are pure, so that they can be read and tested alone"),
          part("dialect", "chat telemetry", "com.fasterxml.jackson com.networknt.schema")
              .because("a wire format is JSON in and records out, whoever sends it"),
          part("dialect.chat", "chat dialect", "com.fasterxml.jackson")
              .because("dialects that are not OpenAI's share one reading of a request"),
          part("dialect.anthropic", "chat dialect dialect.chat", "com.fasterxml.jackson")
              .because("a dialect is words for words; nothing else needs to know them"),
          part(
                  "dialect.bedrock",
                  "chat dialect dialect.chat",
                  "com.fasterxml.jackson software.amazon.awssdk.core"
                      + " software.amazon.awssdk.services.bedrockruntime.model")
              .because("Bedrock's words are the AWS SDK's records, and nobody else's"),
          part(
                  "ledger",
                  "chat catalog policy",
                  "javax.sql com.zaxxer.hikari org.springframework org.slf4j")
              .because("what must be durable depends on JDBC and on no request"),
          part(
                  "telemetry",
                  "chat",
                  "io.micrometer ch.qos.logback org.slf4j org.springframework.boot"
                      + " org.springframework.context org.springframework.core"
                      + " org.springframework.stereotype")
              .because("what is written down about the gateway: names of meters, and no secret"),
          part(
                  "secret",
                  "catalog telemetry",
                  "org.springframework io.micrometer com.fasterxml.jackson org.slf4j"
                      + " software.amazon.awssdk javax.sql com.zaxxer.hikari")
              .because("where a secret is kept matters to nobody who uses it"),
          part(
                  "limit",
                  "chat catalog ledger telemetry",
                  "io.github.bucket4j io.lettuce com.github.benmanes.caffeine"
                      + " org.springframework org.slf4j")
              .because("how much is left is known by whoever counts, and by no request"),
          part("budget", "policy ledger limit", "org.springframework org.slf4j")
              .because("what may be spent is granted apart from the calls that spend it"),
          part(
                  "egress",
                  "chat catalog policy dialect",
                  "org.apache.hc javax.net com.fasterxml.jackson org.slf4j software.amazon.awssdk"
                      + " org.apache.http.conn org.reactivestreams dev.langchain4j ai.onnxruntime")
              .because("calling a provider needs its settings and its format, not our pipeline"),
          part("recall", "chat dialect egress", "com.github.benmanes.caffeine org.slf4j")
              .because("answers are kept and joined as they come from a provider"),
          part(
                  "web",
                  "chat catalog dialect",
                  "jakarta.servlet org.springframework org.eclipse.jetty")
              .because("the servlet edge bounds and names requests before a route sees them"),
          part(
                  "oidc",
                  "chat",
                  "org.springframework com.nimbusds com.fasterxml.jackson"
                      + " com.github.benmanes.caffeine org.slf4j")
              .because("what a token is worth depends on its issuer and on nothing of ours"),
          part(
                  "alert",
                  "catalog policy ledger limit budget telemetry",
                  "org.springframework com.fasterxml.jackson javax.crypto jakarta.mail.internet"
                      + " org.slf4j")
              .because("what operators are told is found and sent apart from any call"),
          part("report", "chat policy ledger", "com.fasterxml.jackson")
              .because("operators and callers are told of usage in the same words"),
          part(
                  "admin",
                  "chat catalog tenant tenant.credential policy dialect ledger limit budget"
                      + " telemetry egress recall web oidc report alert",
                  "jakarta.servlet org.springframework com.fasterxml.jackson"
                      + " com.github.benmanes.caffeine io.github.bucket4j")
              .because("operators read what the gateway did; they steer no request"),
          part(
                  "route",
                  "chat catalog tenant tenant.credential policy dialect ledger limit budget"
                      + " telemetry egress recall web oidc report alert",
                  "org.apache.camel io.github.resilience4j com.github.benmanes.caffeine"
                      + " io.micrometer jakarta org.springframework com.fasterxml.jackson"
                      + " org.slf4j software.amazon.awssdk org.apache.activemq.artemis")
              .because("the beans that routes name tie everything else together"));

  /** A line of the plan; both lists are separated by blanks. */
  record Part(String name, String ours, String libraries, String because) {
    Part because(String reason) {
      return new Part(name, ours, libraries, reason);
    }

    String home() {
      return HOME + name;
    }

    String[] allowed() {
      Stream<String> own = Stream.concat(Stream.of(name), words(ours)).map(HOME::concat);
      Stream<String> world = Stream.concat(Stream.of("java", "org.jspecify"), words(libraries));
      return Stream.concat(own, world).map(name -> name + "..").toArray(String[]::new);
    }

    private static Stream<String> words(String text) {
      return Stream.of(text.split(" ")).filter(word -> !word.isEmpty());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Part part(String name, String ours, String libraries) {
    return new Part(name, ours, libraries, "");
  }

  @ParameterizedTest
  @FieldSource("PLAN")
  void a_package_knows_only_what_the_plan_says(Part part) {
    classes()
        .that()
        .resideInAPackage(part.home())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(part.allowed())
        .because(part.because())
        .check(CLASSES);
  }

  @Test
  void every_package_is_in_the_plan_and_none_is_empty() {
    Set<String> found =
        CLASSES.stream()
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(HOME))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(found).containsExactlyInAnyOrderElementsOf(PLAN.stream().map(Part::home).toList());
  }

  @Test
  void the_root_starts_the_application_and_knows_no_package() {
    classes()
        .that()
        .resideInAPackage("dev.serai")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.serai", "java..", "org.jspecify..", "org.springframework..")
        .because("what the gateway does is said in its packages")
        .check(CLASSES);
  }

  @Test
  void only_routes_know_camel() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.serai.route..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.camel..")
        .because("everything else can be understood, tested and kept without Camel")
        .check(CLASSES);
  }

  @Test
  void packages_have_no_cycles() {
    slices()
        .matching("dev.serai.(*)..")
        .should()
        .beFreeOfCycles()
        .because("a cycle makes two packages one that is harder to read")
        .check(CLASSES);
  }

  @Test
  void decisions_do_no_io() {
    noClasses()
        .that()
        .resideInAPackage("dev.serai.policy..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..", "java.nio.file..", "java.nio.channels..", "java.net..", "java.sql..")
        .because("a decision depends on what it is given")
        .check(CLASSES);
  }

  @Test
  void time_comes_from_the_clock() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Configuration")
        .should()
        .accessTargetWhere(readsTheTime())
        .because("a test must be able to say what time it is")
        .check(CLASSES);
  }

  @Test
  void money_is_never_a_double() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.serai.catalog..", "dev.serai.policy..", "dev.serai.ledger..")
        .and()
        .doNotHaveSimpleName("Retrying")
        .should(touchFloatingPoint())
        .because("money is whole nano-dollars in a long; Retrying spreads pauses, not money")
        .check(CLASSES);
  }

  @Test
  void names_say_what_a_thing_is() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Util|Utils|Handler|Impl)")
        .because("such a name fits every class and so says nothing")
        .check(CLASSES);
  }

  @Test
  void what_nobody_else_uses_is_not_public() {
    classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .and()
        .resideOutsideOfPackage("dev.serai")
        .and(not(madeByAFramework()))
        .should(beNeededOutside())
        .because("a package shows what others need and keeps the rest to itself")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheTime() {
    return describe(
        "read the machine's time",
        access -> {
          AccessTarget target = access.getTarget();
          String owner = target.getOwner().getName();
          return (owner.equals("java.lang.System") && target.getName().equals("currentTimeMillis"))
              || (owner.equals("java.time.Clock") && target.getName().startsWith("system"))
              || (owner.startsWith("java.time.")
                  && target.getName().equals("now")
                  && target.getFullName().endsWith("now()"));
        });
  }

  private static ArchCondition<JavaClass> touchFloatingPoint() {
    return new ArchCondition<>("touch floating-point numbers") {
      private final DescribedPredicate<JavaClass> floating =
          type(double.class).or(type(float.class)).or(type(Double.class)).or(type(Float.class));

      @Override
      public void check(JavaClass item, ConditionEvents events) {
        Stream<String> fields =
            item.getFields().stream()
                .filter(field -> floating.test(field.getRawType()))
                .map(field -> "field " + field.getFullName());
        Stream<String> units =
            item.getCodeUnits().stream()
                .filter(
                    unit ->
                        floating.test(unit.getRawReturnType())
                            || unit.getRawParameterTypes().stream().anyMatch(floating))
                .map(unit -> "method " + unit.getFullName());
        Stream<String> calls =
            item.getCodeUnitAccessesFromSelf().stream()
                .filter(
                    access ->
                        floating.test(access.getTarget().getRawReturnType())
                            || floating.test(access.getTargetOwner()))
                .map(JavaAccess::getDescription);
        Stream.of(fields, units, calls)
            .flatMap(found -> found)
            .forEach(what -> events.add(SimpleConditionEvent.satisfied(item, what)));
      }
    };
  }

  /** Bound by Spring, thrown at start-up, or named in a setting: nothing here mentions them. */
  private static DescribedPredicate<JavaClass> madeByAFramework() {
    return describe(
        "made by a framework",
        type ->
            type.isAnnotatedWith(
                    "org.springframework.boot.context.properties.ConfigurationProperties")
                || type.isAssignableTo(Exception.class)
                || type.isAssignableTo("com.zaxxer.hikari.SQLExceptionOverride"));
  }

  private static ArchCondition<JavaClass> beNeededOutside() {
    return new ArchCondition<>("be used by another package, or be part of what one uses") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        boolean used =
            users(item).anyMatch(user -> !user.getPackageName().equals(item.getPackageName()));
        if (!used && users(item).noneMatch(user -> shows(user, item))) {
          events.add(SimpleConditionEvent.violated(item, item.getName() + " need not be public"));
        }
      }
    };
  }

  private static boolean shows(JavaClass user, JavaClass type) {
    return user.getModifiers().contains(JavaModifier.PUBLIC)
        && user.getMethods().stream()
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .anyMatch(method -> method.getAllInvolvedRawTypes().contains(type));
  }

  /** Whoever depends on a class or on one nested in it. */
  private static Stream<JavaClass> users(JavaClass type) {
    return CLASSES.stream()
        .filter(each -> each.equals(type) || each.getName().startsWith(type.getName() + "$"))
        .flatMap(each -> each.getDirectDependenciesToSelf().stream())
        .map(Dependency::getOriginClass)
        .filter(user -> !user.equals(type));
  }
}

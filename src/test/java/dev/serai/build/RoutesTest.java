package dev.serai.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.SimpleBeanDefinitionRegistry;
import org.springframework.context.annotation.AnnotationBeanNameGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;

/** The route files can be read, by Camel and by people. */
class RoutesTest {
  private static final String GOOD =
      """
      - route:
          id: do-it
          description: Does what it says
          from:
            uri: direct:do-it
            steps:
              - to:
                  uri: direct:do-it
      """;

  @Test
  void routes_keep_the_rules() throws Exception {
    assertThat(RouteRules.problems(RouteFile.all(), variables(), beans())).isEmpty();
  }

  @Test
  void routes_are_loaded_by_camel() throws Exception {
    List<RouteFile> files = RouteFile.all();
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      for (RouteFile file : files) {
        Resource resource =
            ResourceHelper.resolveMandatoryResource(
                camel, "file:" + Path.of("routes", file.name()));
        PluginHelper.getRoutesLoader(camel).loadRoutes(resource);
      }

      long routes =
          files.stream()
              .flatMap(file -> file.routes().stream())
              .filter(route -> route.kind() == RouteFile.Kind.ROUTE)
              .count();
      assertThat(camel.getRouteDefinitions()).hasSize((int) routes).hasSizeGreaterThan(10);
    }
  }

  @Test
  void a_good_route_has_no_problems() throws Exception {
    assertThat(problems(GOOD)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id: do-it              | idx: do-it            | has no id
          description: Does what | note: Does what       | has no description
          Does what it says      | Do what it says       | not one sentence
          Does what it says      | does what it says     | not one sentence
          Does what it says      | Does it. Does more    | not one sentence
          uri: direct:do-it      | uri: direct:do-that   | call both the same
          uri: direct:do-it      | uri: direct:do-it?x=y | options belong under parameters
          """)
  void each_rule_finds_its_problem(String part, String replacement, String problem)
      throws Exception {
    String bad = GOOD.replace(part, replacement);

    assertThat(problems(bad)).anyMatch(found -> found.contains(problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {setVariable: {name: mood, expression: {constant: {expression: x}}}}   | mood is not among
          {setBody: {expression: {simple: {expression: '${variable.mood} == 1'}}}} | mood is not among
          {setBody: {expression: {variable: {expression: mood}}}}                | mood is not among
          {to: {uri: 'direct:do-it', variableReceive: mood}}                     | mood is not among
          {toD: {uri: 'direct:${variable.mood}'}}                                | mood is not among
          {bean: {ref: nobody, method: run}}                                     | no bean nobody
          {bean: {ref: fail, method: nothing}}                                   | no public method
          {bean: {ref: fail}}                                                    | without a method
          {wireTap: {uri: 'direct:do-it', onPrepare: '#bean:nobody'}}            | no bean nobody
          {threads: {executorService: nobody}}                                   | no bean nobody
          {to: {uri: 'direct:nowhere'}}                                          | nobody listens
          {to: {uri: 'seda:nowhere'}}                                            | nobody listens
          {to: {uri: 'sql:select'}}                                              | belongs into an
          """)
  void a_bad_step_is_found(String step, String problem) throws Exception {
    String bad = GOOD + "        - " + step + "\n";

    assertThat(problems(bad)).anyMatch(found -> found.contains(problem));
  }

  @Test
  void a_long_route_is_found() throws Exception {
    String steps = "        - to: {uri: 'direct:do-it'}\n".repeat(RouteRules.MAX_STEPS);

    assertThat(problems(GOOD + steps)).anyMatch(found -> found.contains("13 steps"));
  }

  @Test
  void a_long_file_is_found() throws Exception {
    String lines = "# more\n".repeat(RouteRules.MAX_LINES);

    assertThat(problems(GOOD + lines)).anyMatch(found -> found.contains("lines, more than"));
  }

  @Test
  void deep_nesting_is_found() throws Exception {
    String step = "{to: {uri: 'direct:do-it'}}";
    for (int i = 0; i <= RouteRules.MAX_DEPTH; i++) {
      step = "{loop: {steps: [" + step + "]}}";
    }
    String deep = GOOD + "        - " + step + "\n";

    assertThat(problems(deep)).anyMatch(found -> found.contains("nested too deep"));
  }

  @Test
  void a_route_that_is_there_twice_is_found() throws Exception {
    assertThat(problems(GOOD + GOOD)).anyMatch(found -> found.contains("2 times"));
  }

  @Test
  void a_template_whose_instances_say_nothing_is_found() throws Exception {
    String template =
        """
        - routeTemplate:
            id: some
            description: Makes some
            route:
              from:
                uri: "direct:{{name}}"
                steps: []
        """;

    assertThat(problems(template))
        .containsExactly("pipeline/x: some, its instances has no description");
  }

  private static List<String> problems(String text) throws Exception {
    return RouteRules.problems(List.of(RouteFile.parse("pipeline/x", text)), variables(), beans());
  }

  /** The constants of the one table of variables. */
  static Set<String> variables() throws ReflectiveOperationException {
    Set<String> names = new HashSet<>();
    for (Field field : Class.forName("dev.serai.route.Variables").getDeclaredFields()) {
      if (field.getType() == String.class) {
        field.setAccessible(true);
        names.add((String) field.get(null));
      }
    }
    return names;
  }

  /** Every bean that our classes declare, and the database that Spring Boot adds. */
  static Map<String, Class<?>> beans() throws ClassNotFoundException {
    Map<String, Class<?>> beans = new HashMap<>();
    beans.put("dataSource", DataSource.class);
    AnnotationBeanNameGenerator names = AnnotationBeanNameGenerator.INSTANCE;
    for (BeanDefinition found :
        new ClassPathScanningCandidateComponentProvider(true)
            .findCandidateComponents("dev.serai")) {
      Class<?> type = Class.forName(Objects.requireNonNull(found.getBeanClassName()));
      beans.put(names.generateBeanName(found, new SimpleBeanDefinitionRegistry()), type);
      for (Method method : type.getDeclaredMethods()) {
        Bean bean = method.getAnnotation(Bean.class);
        if (bean != null) {
          String name = bean.value().length == 0 ? method.getName() : bean.value()[0];
          beans.put(name, method.getReturnType());
        }
      }
    }
    return beans;
  }
}

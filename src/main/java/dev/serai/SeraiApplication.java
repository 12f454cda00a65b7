package dev.serai;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the gateway. */
@SpringBootApplication(proxyBeanMethods = false)
public class SeraiApplication {

  /** Entry point; arguments are Spring Boot's ({@code --name=value}). */
  public static void main(String[] args) {
    try {
      SpringApplication.run(SeraiApplication.class, args);
    } catch (AbandonedRunException e) {
      // What the arguments asked for was done in place of a start.
    }
  }
}

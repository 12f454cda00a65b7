package dev.serai.ledger;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where usage events go for the company's own billing, below {@code serai.accounting}.
 *
 * @param sink which kind of broker, if any
 * @param kafka where Kafka is
 * @param jms where the JMS broker is
 */
@ConfigurationProperties("serai.accounting")
public record SinkSettings(
    @DefaultValue("none") Sink sink, @DefaultValue Kafka kafka, @DefaultValue Jms jms) {

  /** A kind of broker. */
  public enum Sink {
    /** Nobody is told. */
    NONE,
    /** Apache Kafka. */
    KAFKA,
    /** ActiveMQ Artemis, by JMS. */
    JMS
  }

  /**
   * Kafka.
   *
   * @param brokers host and port, with commas between
   * @param topic the events' topic
   * @param securityProtocol {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code
   *     SASL_SSL}
   * @param saslMechanism {@code PLAIN}, {@code SCRAM-SHA-512}, …; only with SASL
   * @param saslJaasConfig the credentials as Kafka's clients have them; a secret
   */
  public record Kafka(
      @DefaultValue("localhost:9092") String brokers,
      @DefaultValue("serai-usage") String topic,
      @DefaultValue("PLAINTEXT") String securityProtocol,
      @DefaultValue("") String saslMechanism,
      @DefaultValue("") String saslJaasConfig) {

    /** Without the credentials. */
    @Override
    public String toString() {
      return "Kafka[" + topic + "]";
    }
  }

  /**
   * A JMS broker.
   *
   * @param brokerUrl as Artemis' client has it
   * @param destination a queue by its name; a topic as {@code topic:name}
   * @param user empty for none
   * @param password a secret; empty for none
   */
  public record Jms(
      @DefaultValue("tcp://localhost:61616") String brokerUrl,
      @DefaultValue("serai-usage") String destination,
      @DefaultValue("") String user,
      @DefaultValue("") String password) {

    /** Without the credentials. */
    @Override
    public String toString() {
      return "Jms[" + destination + "]";
    }
  }
}

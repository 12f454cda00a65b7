package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What the journal keeps of a settlement, whichever version wrote it. */
class SettlementCodecTest {

  /** Every figure is another one. */
  private static Settlement full(MediaPrices media) {
    return new Settlement(
        7,
        RowState.SETTLED,
        null,
        200,
        "gpt-4o-2024-08-06",
        "stop",
        new Usage(
            11,
            12,
            13,
            14,
            15,
            16,
            new Usage.Details(17, 18, 19, 20, 21, 22),
            ServiceTier.PRIORITY,
            23L,
            true),
        new Charge(
            24L,
            CostState.ESTIMATED,
            "2026-03-11/priority+1%",
            new UnitPrices(25, 26, 27, 28, 29, 30, media),
            new Charge.Basis(31L, 100, 32)),
        33L,
        34,
        Instant.ofEpochSecond(35, 36));
  }

  @Test
  void all_that_a_cost_was_reckoned_from_comes_back() throws IOException {
    Settlement priced = full(new MediaPrices(1L, null, 3L, 4L));
    Settlement plain = full(MediaPrices.NONE);

    assertThat(SettlementCodec.decode(SettlementCodec.encode(priced))).isEqualTo(priced);
    assertThat(SettlementCodec.decode(SettlementCodec.encode(plain))).isEqualTo(plain);
  }

  /** As the version before wrote it. */
  @Test
  void a_record_of_the_first_version_is_still_read() throws IOException {
    byte[] first =
        HexFormat.of()
            .parseHex(
                "01" // version
                    + "0000000000000007" // id
                    + "0007534554544c4544" // SETTLED
                    + "00" // no error
                    + "0100000000000000c8" // 200
                    + "0100056770742d34" // gpt-4
                    + "01000473746f70" // stop
                    + "000000000000000b000000000000000c000000000000000d" // 11, 12, 13
                    + "000000000000000e000000000000000f" // 14, 15
                    + "00" // no cost of the provider's
                    + "00" // not estimated
                    + "010000000000000018" // 24 nano-dollars
                    + "0006505249434544" // PRICED
                    + "01000176" // v
                    + "01" // with unit prices
                    + "0000000000000019000000000000001a" // 25, 26
                    + "000000000000001b000000000000001c" // 27, 28
                    + "00" // no first byte
                    + "0000000000000022" // 34 us
                    + "0000000000000023" // 35 s
                    + "00000024"); // 36 ns

    assertThat(SettlementCodec.decode(first))
        .isEqualTo(
            new Settlement(
                7,
                RowState.SETTLED,
                null,
                200,
                "gpt-4",
                "stop",
                new Usage(11, 12, 13, 14, 15, null, false),
                new Charge(24L, CostState.PRICED, "v", new UnitPrices(25, 26, 27, 28)),
                null,
                34,
                Instant.ofEpochSecond(35, 36)));
  }

  @Test
  void a_record_of_a_later_version_is_refused() {
    byte[] later = SettlementCodec.encode(full(MediaPrices.NONE));
    later[0] = 3;

    assertThatThrownBy(() -> SettlementCodec.decode(later))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 3");
  }
}

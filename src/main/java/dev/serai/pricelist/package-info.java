/** Public price files, compared with {@code models.yaml} and written into it when told to. */
@NullMarked
package dev.serai.pricelist;

import org.jspecify.annotations.NullMarked;

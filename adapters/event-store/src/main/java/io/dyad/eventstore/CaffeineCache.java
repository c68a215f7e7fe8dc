package io.dyad.eventstore;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
import org.jspecify.annotations.Nullable;

/** Axon's cache of aggregates on Caffeine. Only the writer thread uses it. Listeners are not told: nothing here listens. */
final class CaffeineCache implements Cache {
    private final com.github.benmanes.caffeine.cache.Cache<Object, Object> entries;

    CaffeineCache(int maxAggregates) {
        entries = Caffeine.newBuilder().maximumSize(maxAggregates).expireAfterAccess(Duration.ofHours(1)).executor(Runnable::run).build();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    @Override public <K, V> @Nullable V get(K key) { return (V) entries.getIfPresent(key); }

    @Override public void put(Object key, Object value) { entries.put(key, value); }

    @Override public boolean putIfAbsent(Object key, Object value) { return entries.asMap().putIfAbsent(key, value) == null; }

    @SuppressWarnings("unchecked")
    @Override public <T> T computeIfAbsent(Object key, Supplier<T> value) { return (T) entries.get(key, k -> value.get()); }

    @Override public boolean remove(Object key) { return entries.asMap().remove(key) != null; }

    @Override public void removeAll() { entries.invalidateAll(); }

    @Override public boolean containsKey(Object key) { return entries.asMap().containsKey(key); }

    @SuppressWarnings("unchecked")
    @Override public <V> void computeIfPresent(Object key, UnaryOperator<V> update) { entries.asMap().computeIfPresent(key, (k, v) -> update.apply((V) v)); }

    @Override public Registration registerCacheEntryListener(EntryListener listener) { return () -> true; }
}

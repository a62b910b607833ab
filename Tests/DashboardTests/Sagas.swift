/// Sagas that get into every kind of trouble: payment can be broken, refunds need an operator, orders of one customer
/// wait for each other, and mails go out in a group.
enum Sagas {
    static let text = """
        sagascope: 1
        name: sagas
        seed: 42
        duration: 5m
        services:
          shop:      {workers: 64, queue: 256, latency: constant 1ms}
          inventory: {workers: 8, queue: 32, latency: lognormal p50 8ms p99 40ms}
          payment:
            workers: 16
            queue: 64
            latency: lognormal p50 40ms p99 250ms
            operations: {charge: {books: charged}, refund: {books: refunded}}
          orders:
            workers: 8
            queue: 32
            latency: exponential mean 3ms
            operations: {confirm: {books: confirmed}, email: {}, status: {}}
        sagas:
          place-order:
            runs in: shop
            timeout: 30s
            steps:
              - {name: reserve, call: inventory.reserve, undo: inventory.release}
              - {name: charge,  call: payment.charge,    undo: payment.refund, retry: 3 attempts constant 500ms}
              - {name: confirm, call: orders.confirm,    pivot: true}
              - {name: notify,  call: orders.email,      retry: until done, group: finish}
              - {name: status,  call: orders.status,     retry: until done, group: finish}
            compensation: {retry: 3 attempts constant 1s, exhausted: waits-for-operator}
        load:
          shoppers: {start: place-order, rate: 10/s, arrivals: poisson}
        """
}

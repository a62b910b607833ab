import EventSourcing
import Timeline

/// The keys of an event store.
enum StoreKeys {
    static let prefers = Key(
        "prefers", ChoiceNotation<Bool>(choices: [("consistency", false), ("availability", true)]),
        standard: "consistency", isLive: false,
        "whether an append counts once enough nodes have it, or once the node that was asked has it on its disk: then "
            + "none of the others is needed, and what was decided on two nodes at once is a conflict")
    static let antiEntropy = Key(
        "anti-entropy", TimeNotation.positive, standard: "1s", isLive: false,
        "where availability is preferred: how often a node compares its Merkle tree with another one's, on average")
    static let conflicts = Key(
        "conflicts",
        ChoiceNotation<AvailableReplica.Resolution>(
            choices: [("keep both", .keepBoth), ("last writer wins", .lastWriterWins)]),
        standard: "keep both", isLive: false,
        "where availability is preferred: which of the events count that were appended to a stream on two nodes at once"
    )
    static let nodes = Key(
        "nodes", CountNotation(range: 1...ClusterSettings.nodeLimit), standard: "3", isLive: false,
        "how many nodes it has: NAME#1, NAME#2 ...")
    static let partitions = Key(
        "partitions", CountNotation(range: 1...256), standard: "8", isLive: false,
        "into how many partitions its streams are sorted, each with a leader of its own")
    static let copies = Key(
        "copies", CountNotation(range: 1...ClusterSettings.nodeLimit), isLive: false,
        "how many nodes keep each partition; 3 if nothing is said, or all if there are fewer")
    static let acknowledgements = Key(
        "acknowledgements", CountNotation(range: 1...ClusterSettings.nodeLimit), isLive: false,
        "how many copies must be on disk before an append counts; a majority if nothing is said")
    static let votes = Key(
        "votes", CountNotation(range: 1...ClusterSettings.nodeLimit), isLive: false,
        "how many copies must vote for a new leader; a majority if nothing is said")
    static let fencing = Key(
        "fencing", FlagNotation(), standard: "yes", isLive: false,
        "whether a node refuses what a leader of an earlier epoch sends")
    static let heartbeat = Key(
        "heartbeat", TimeNotation.positive, standard: "100ms", isLive: false,
        "how often an idle leader says that it is there")
    static let election = Key(
        "election", TimeNotation.positive, standard: "1s", isLive: false,
        "how long a node hears nothing of a leader before it stands for election; by chance up to twice as long")
    static let network = Key(
        "network", DistributionNotation(), standard: "constant 500us",
        "how long a message takes one way, between nodes, and between a service and a node")
    static let disk = Key(
        "disk", DistributionNotation(), standard: "constant 2ms", "how long a node's disk takes to write what is due")
    static let reading = Key(
        "reading", TimeNotation.positive, standard: "20us", "how long a node takes to read one event")
    static let snapshots = Key(
        "snapshots", OptionalNotation(CountNotation(range: 1...1_000_000)), standard: "none",
        "after how many events of a stream its state is kept, so that no earlier ones are read")
    static let timeout = Key(
        "timeout", TimeNotation.positive, standard: "2s", "how long a service waits for the store, tries included")
    static let conflictRetries = Key(
        "conflict retries", CountNotation(range: 0...1_000), standard: "3",
        "how often a command is decided anew when somebody else has appended meanwhile")
    static let schema = Key(
        "schema", CountNotation(range: 1...255), standard: "1", "the schema that services write events in")

    static let section = Section(
        title: "an event store",
        fields: [
            .setting(prefers), .setting(antiEntropy), .setting(conflicts), .setting(nodes), .setting(partitions),
            .setting(copies), .setting(acknowledgements), .setting(votes),
            .setting(fencing), .setting(heartbeat), .setting(election), .setting(network), .setting(disk),
            .setting(reading), .setting(snapshots), .setting(timeout), .setting(conflictRetries),
            .setting(schema),
        ])

    /// What is of no use where availability is preferred, and why.
    static let ofConsistency = [
        (partitions.name, "every node has all streams"), (copies.name, "every node has all streams"),
        (acknowledgements.name, "an append counts once the node that was asked has it on its disk"),
        (votes.name, "no node leads"), (fencing.name, "no node leads"), (heartbeat.name, "no node leads"),
        (election.name, "no node leads"),
    ]

    /// What is of no use where consistency is preferred.
    static let ofAvailability = [antiEntropy.name, conflicts.name]
}

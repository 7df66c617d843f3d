using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Tests.Writing;

public sealed class NewFileWriteTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-write-").FullName;

    private string Target => Path.Combine(_folder, "new.h5");

    public static TheoryData<int[], int[], string, string> Layouts =>
        new()
        {
            { [7, 1000], [1, 300], "float64", "shuffle+gzip" },
            { [7, 1000], [3, 64], "float64", "gzip" },
            { [40, 33], [40, 8], "float32", "shuffle+gzip" },
            { [5, 6, 7], [2, 4, 3], "float32", "shuffle+gzip+fletcher" },
            { [1000], [64], "int32", "fletcher" },
            { [1000], [1000], "uint8", "shuffle+gzip" },
            { [3, 5], [2, 2], "float64", "" },
            { [300, 2000], [], "float64", "" },
        };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Values_of_every_layout_come_back_through_the_library(int[] shape, int[] chunk, string type, string filters)
    {
        var values = Values(shape.Aggregate(1, (product, extent) => product * extent));
        var bytes = type switch
        {
            "float64" => WrittenFile.Bytes(values),
            "float32" => WrittenFile.Bytes(Array.ConvertAll(values, value => (float)value)),
            "int32" => WrittenFile.Bytes(Array.ConvertAll(values, value => (int)value)),
            _ => WrittenFile.Bytes(Array.ConvertAll(values, value => (byte)value)),
        };
        var held = DatasetContent.Held("/a/b/values", Type(type), [.. shape.Select(extent => (long)extent)], bytes) with
        {
            Chunk = [.. chunk.Select(extent => (long)extent)],
            Filters = Filters(filters),
        };

        var report = Hdf5Write.Run(Request(held), default);

        var expected = type switch
        {
            "float64" => values,
            "float32" => Array.ConvertAll(values, value => (double)(float)value),
            "int32" => Array.ConvertAll(values, value => (double)(int)value),
            _ => Array.ConvertAll(values, value => (double)(byte)value),
        };
        WrittenFile.Doubles(Target, "/a/b/values", values.Length).ShouldBe(expected);
        report.RawBytes.ShouldBe(bytes.Length);
    }

    [Fact]
    public void Noise_that_gzip_cannot_shrink_is_stored_uncompressed()
    {
        var noise = new byte[1 << 16];
        new Random(3).NextBytes(noise);
        var content = DatasetContent.Held("/noise", ElementType.UInt8, [noise.Length], noise) with
        {
            Chunk = [1 << 14],
            Filters = DatasetContent.ShuffleGzip(1),
        };

        Hdf5Write.Run(Request(content), default).StoredBytes.ShouldBe(noise.Length);

        WrittenFile.Read<byte>(Target, "/noise", H5T.NATIVE_UINT8, noise.Length).ShouldBe(noise);
    }

    [Fact]
    public void Groups_attributes_and_texts_come_back()
    {
        Hdf5Write.Run(
            Request(
                new GroupContent("/results/lm")
                {
                    Attributes =
                    [
                        AttributeContent.Text("formula", "FD ~ Age"),
                        AttributeContent.Integer("count", 42),
                        AttributeContent.Numbers("points", [1.5, 2.5]),
                    ],
                },
                DatasetContent.Texts("/results/lm/column_names", ["element_id", "Größe.p.value"])
            ),
            default
        );

        using var file = Hdf5ReadFile.Open(Target);
        using var names = file.OpenDataset("/results/lm/column_names");
        Hdf5Strings.Read(names, "names").ShouldBe(["element_id", "Größe.p.value"]);
        using var group = new Hdf5GroupHandle(H5G.open(file.Id, "/results/lm"));
        Hdf5Strings.ReadAttribute(group.Id, "formula", "group").ShouldBe(["FD ~ Age"]);
    }

    [Fact]
    public void A_source_larger_than_memory_is_pulled_block_by_block()
    {
        long largest = 0,
            pulled = 0;
        var content = new DatasetContent("/values")
        {
            Type = ElementType.Float64,
            Shape = [64, 100_000],
            Chunk = [1, 25_000],
            Filters = DatasetContent.ShuffleGzip(1),
            Source = (region, destination) =>
            {
                largest = Math.Max(largest, region.Count);
                pulled += region.Count;
                MemoryMarshal.Cast<byte, double>(destination).Fill(region.Origin[0] + (region.Origin[1] / 1e6));
            },
        };

        Hdf5Write.Run(Request(content), default);

        largest.ShouldBe(25_000);
        pulled.ShouldBe(6_400_000);
        WrittenFile.Doubles(Target, "/values", 6_400_000)[^1].ShouldBe(63.075);
    }

    [Fact]
    public void A_source_that_fails_leaves_nothing_behind()
    {
        var content = new DatasetContent("/values")
        {
            Type = ElementType.Float64,
            Shape = [100, 100],
            Chunk = [1, 100],
            Source = (region, _) =>
            {
                if (region.Origin[0] == 50)
                    throw new BadInputException("the partial is damaged");
            },
        };

        Should.Throw<BadInputException>(() => Hdf5Write.Run(Request(content), default)).Message.ShouldBe("the partial is damaged");

        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_cancelled_write_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        var content = new DatasetContent("/values")
        {
            Type = ElementType.Float64,
            Shape = [100, 100],
            Chunk = [1, 100],
            Source = (region, _) =>
            {
                if (region.Origin[0] == 10)
                    stop.Cancel();
            },
        };

        Should.Throw<OperationCanceledException>(() => Hdf5Write.Run(Request(content), stop.Token));

        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void An_existing_file_is_replaced_only_on_request()
    {
        File.WriteAllText(Target, "mine");
        var content = DatasetContent.Numbers("/one", [1]);

        Should.Throw<BadInputException>(() => Hdf5Write.Run(Request(content), default)).Message.ShouldContain("--overwrite");
        File.ReadAllText(Target).ShouldBe("mine");

        Hdf5Write.Run(Request(content) with { Overwrite = true }, default);
        WrittenFile.Doubles(Target, "/one", 1).ShouldBe([1]);
    }

    [Fact]
    public void A_file_that_is_replaced_keeps_its_owner_and_permissions()
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        Hdf5Write.Run(Request(DatasetContent.Numbers("/one", [1])), default);
        File.SetUnixFileMode(Target, mode);
        var owner = Environment.UserName == "root" ? 4711u : Posix.User; // only the superuser may give a file away
        WritingProcess.GiveTo(owner, Target);

        Hdf5Write.Run(Request(DatasetContent.Numbers("/one", [2])) with { Overwrite = true }, default);

        File.GetUnixFileMode(Target).ShouldBe(mode);
        FileStatus.Read(Target).Owner.ShouldBe(owner);
        WrittenFile.Doubles(Target, "/one", 1).ShouldBe([2]);
    }

    [Fact]
    public void A_missing_folder_is_reported()
    {
        var request = Request(DatasetContent.Numbers("/one", [1])) with { File = Path.Combine(_folder, "absent", "new.h5") };

        Should.Throw<BadInputException>(() => Hdf5Write.Run(request, default)).Message.ShouldContain(Path.Combine(_folder, "absent"));
    }

    [Fact]
    public void Only_remains_of_a_killed_write_of_the_same_file_are_removed()
    {
        var (unfinished, mine, others) = (
            $"{Target}.{Guid.NewGuid():N}.tmp",
            $"{Target}.mine.tmp",
            Path.Combine(_folder, $"other.h5.{Guid.NewGuid():N}.tmp")
        );
        foreach (var file in (string[])[unfinished, mine, others])
            File.WriteAllText(file, "");
        var dead = ClaimHolder.Self("hpcfit run");
        JsonFile
            .TryCreate(UndoJournal.ClaimFor(Target), dead with { ProcessStart = dead.ProcessStart - 1 }, ClaimJson.Default.ClaimHolder)
            .ShouldBeTrue();

        Hdf5Write.Run(Request(DatasetContent.Numbers("/one", [1])), default);

        Directory.EnumerateFileSystemEntries(_folder).ShouldBe([Target, mine, others], ignoreOrder: true);
    }

    [Fact]
    public void Two_commands_do_not_make_the_same_file_at_once()
    {
        using (Claim.Take(UndoJournal.ClaimFor(Target), "hpcfit convert"))
            Should
                .Throw<BusyException>(() =>
                    Hdf5Write.Run(Request(DatasetContent.Numbers("/one", [1])) with { Patience = TimeSpan.Zero }, default)
                )
                .Message.ShouldContain("'hpcfit convert'");
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private WriteRequest Request(params Content[] contents) =>
        new()
        {
            File = Target,
            NewFile = true,
            Contents = contents,
        };

    private static double[] Values(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(i => Math.Round(random.NextDouble() * 250, i % 3))];
    }

    private static ElementType Type(string name) =>
        name switch
        {
            "float64" => ElementType.Float64,
            "float32" => ElementType.Float32,
            "int32" => ElementType.Int32,
            _ => ElementType.UInt8,
        };

    private static IReadOnlyList<StoredFilter> Filters(string names) =>
        [
            .. names
                .Split('+', StringSplitOptions.RemoveEmptyEntries)
                .Select(name =>
                    name switch
                    {
                        "shuffle" => new StoredFilter(StoredFilter.Shuffle, "shuffle", []),
                        "gzip" => new StoredFilter(StoredFilter.Deflate, "deflate", [4]),
                        _ => new StoredFilter(StoredFilter.Fletcher32, "fletcher32", []),
                    }
                ),
        ];
}

using System.Runtime.InteropServices;
using HpcFit.Coordinator.Imaging;
using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Imaging.Rechunking;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Imaging;

public sealed class SubjectBandsTests : IDisposable
{
    private const int Subjects = 7;
    private const int Elements = 50;
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-bands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bands_of_subjects_become_blocks_of_elements_whichever_way_they_are_stored(bool turned)
    {
        var file = Written(turned);
        var scalar = file.Scalar("FD");
        scalar.IsTransposed.ShouldBe(turned);
        var layout = new BlockLayout(Elements, 16, sizeof(float));
        using var spool = SubjectBands.Spool(
            file,
            scalar,
            _folder,
            layout,
            new ProgressLog(NullLogger.Instance, "subjects", Subjects),
            CancellationToken.None
        );
        for (var block = 0; block < layout.Count; block++)
        {
            var width = layout.Width(block);
            var bytes = new byte[Subjects * width * sizeof(float)];
            spool.Read(block, bytes);
            MemoryMarshal
                .Cast<byte, float>(bytes)
                .ToArray()
                .ShouldBe([.. Enumerable.Range(0, Subjects * width).Select(i => Value(i / width, (block * 16) + (i % width)))]);
        }
    }

    [Theory]
    [InlineData(1000, 600_000, 1, 600_000, true)] // a chunk a subject: stripes would inflate each ten times
    [InlineData(1000, 600_000, 32, 32, false)]
    [InlineData(1000, 600_000, 1000, 600_000, false)] // one chunk for everything: a band would be everything
    public void Bands_suit_chunks_that_are_long_and_flat(
        long subjects,
        long elements,
        long chunkSubjects,
        long chunkElements,
        bool expected
    ) =>
        SubjectBands
            .Suit(Scalar(subjects, elements, new() { Kind = StorageLayout.Chunked, Chunk = [chunkSubjects, chunkElements] }))
            .ShouldBe(expected);

    [Theory]
    [InlineData(100, 1_000, false)]
    [InlineData(1000, 600_000, true)]
    public void Bands_suit_large_contiguous_scalars(long subjects, long elements, bool expected) =>
        SubjectBands.Suit(Scalar(subjects, elements, new() { Kind = StorageLayout.Contiguous })).ShouldBe(expected);

    private static float Value(int subject, int element) => (1000 * subject) + element;

    private static ScalarMatrix Scalar(long subjects, long elements, StoredLayout layout) =>
        new()
        {
            Name = "FD",
            Subjects = subjects,
            Elements = elements,
            IsTransposed = false,
            Type = new(StoredKind.FloatingPoint, 4, false),
            Layout = layout,
            SourceNames = [],
        };

    private ModelArrayFile Written(bool turned)
    {
        var (rows, columns) = turned ? (Elements, Subjects) : (Subjects, Elements);
        float[] values =
        [
            .. Enumerable.Range(0, rows * columns).Select(i => turned ? Value(i % columns, i / columns) : Value(i / columns, i % columns)),
        ];
        var path = Path.Combine(_folder, "data.h5");
        Hdf5Write.Run(
            new()
            {
                File = path,
                NewFile = true,
                Contents =
                [
                    DatasetContent.Held(
                        "/scalars/FD/values",
                        ElementType.Float32,
                        [rows, columns],
                        MemoryMarshal.AsBytes<float>(values).ToArray()
                    ) with
                    {
                        Chunk = [3, 5],
                        Filters = DatasetContent.ShuffleGzip(1),
                    },
                    DatasetContent.Texts(
                        "/scalars/FD/column_names",
                        [.. Enumerable.Range(0, Subjects).Select(subject => $"sub-{subject}")]
                    ),
                ],
            },
            CancellationToken.None
        );
        return ModelArrayFile.Open(path);
    }
}

using System.Collections.Concurrent;
using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>Checks the headers of all images of a scalar and reads their values into a spool, on several threads.</summary>
internal sealed class ImageReading
{
    /// <summary>
    /// Number of values in a batch of rows. Memory holds two batches per scalar: one being filled, one being written to the spool.
    /// </summary>
    private const long BatchBytes = 24 << 20;

    private const int MaxListed = 10;

    private readonly ElementSpace _space;
    private readonly ScalarImages _scalar;
    private readonly OpenedImage[] _opened;
    private readonly int _threads;

    private readonly ConcurrentDictionary<int, string> _rounded = new();

    private ImageReading(ElementSpace space, ScalarImages scalar, OpenedImage[] opened, int threads) =>
        (_space, _scalar, _opened, _threads) = (space, scalar, opened, threads);

    /// <summary>The images with integers that the stored type rounds, in the cohort's order.</summary>
    public IReadOnlyList<string> Rounded => [.. _rounded.OrderBy(image => image.Key).Select(image => image.Value)];

    /// <summary>Reads all headers before any long work.</summary>
    /// <exception cref="BadInputException">Images or masks cannot be used; the message lists each with the cohort's row.</exception>
    public static ImageReading Open(ElementSpace space, ScalarImages scalar, int threads, CancellationToken token)
    {
        var opened = new OpenedImage[scalar.Images.Count];
        var problems = new string?[opened.Length];
        var known = new PicksByLayout(space.Grid);
        ParallelWork.Run(
            opened.Length,
            threads,
            _ => known,
            (picks, number) =>
            {
                var image = scalar.Images[number];
                try
                {
                    opened[number] = new(
                        picks.From(space.Open(image.Path)),
                        image.MaskPath is null ? null : picks.From(space.OpenMask(image.MaskPath))
                    );
                }
                catch (BadInputException problem)
                {
                    problems[number] = $"row {image.Line}: {problem.Message}";
                }
            },
            token
        );
        RefuseProblems(scalar, [.. problems.OfType<string>()]);
        return new(space, scalar, opened, threads);
    }

    /// <summary>Reads the values of every image.</summary>
    /// <param name="folder">The folder of the spool.</param>
    /// <param name="layout">The division of rows into blocks.</param>
    /// <param name="done">Called after each image.</param>
    /// <param name="token">Cancels between images.</param>
    /// <exception cref="BadInputException">An image is damaged; the message names it with the cohort's row.</exception>
    public RowSpool Read(string folder, BlockLayout layout, Action done, CancellationToken token)
    {
        var spool = new RowSpool(folder, _opened.Length, layout);
        RowReader[] readers = [.. Enumerable.Range(0, _threads).Select(_ => new RowReader(_space.Grid.Count))];
        try
        {
            var maxRows = Math.Max(1, Array.MaxLength / layout.RowBytes);
            var batchRows = (int)Math.Clamp(Math.Max(BatchBytes / layout.RowBytes, _threads), 1, Math.Min(_opened.Length, maxRows));
            var (batch, other) = (new byte[batchRows * layout.RowBytes], new byte[batchRows * layout.RowBytes]);
            for (var first = 0; first < _opened.Length; first += batchRows)
            {
                var (start, rows, filled) = (first, Math.Min(batchRows, _opened.Length - first), batch);
                ParallelWork.Run(
                    rows,
                    _threads,
                    thread => readers[thread],
                    (reader, row) =>
                    {
                        Place(reader, layout, start + row, row, rows, filled);
                        done();
                    },
                    token
                );
                spool.Append(rows, filled);
                (batch, other) = (other, batch);
            }
            spool.Finish();
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
        finally
        {
            foreach (var reader in readers)
                reader.Dispose();
        }
    }

    private void Place(RowReader reader, BlockLayout layout, int image, int row, int rows, Span<byte> batch)
    {
        try
        {
            var values = reader.Read(_opened[image]);
            if (_opened[image].Values.Header.HoldsIntegersBeyond(layout.LargestInteger, values))
                _rounded[image] = _scalar.Images[image].Source;
            layout.Place(values, row, rows, batch);
        }
        catch (BadInputException damage)
        {
            var one = _scalar.Images[image];
            throw new BadInputException(
                $"Row {one.Line} of the cohort (scalar '{_scalar.Scalar}', '{one.Source}'): {damage.Message}",
                damage
            );
        }
    }

    private static void RefuseProblems(ScalarImages scalar, List<string> problems)
    {
        if (problems.Count == 0)
            return;
        throw new BadInputException(
            $"{problems.Count} of the {scalar.Images.Count} images of the scalar '{scalar.Scalar}' cannot be used:\n  "
                + string.Join("\n  ", problems.Take(MaxListed))
                + (problems.Count > MaxListed ? $"\n  … and {problems.Count - MaxListed} more." : "")
        );
    }
}

/// <summary>An image whose header has been read.</summary>
/// <param name="Values">The image.</param>
/// <param name="Mask">The subject's individual mask; null: none.</param>
internal sealed record OpenedImage(PlacedImage Values, PlacedImage? Mask);

/// <summary>An image and the positions of the elements in it.</summary>
/// <param name="Header">The description of its samples.</param>
/// <param name="Picks">The elements' samples.</param>
internal sealed record PlacedImage(ImageHeader Header, SamplePicks Picks);

/// <summary>Locates the elements in images, once for all images with the same storage order. Thread-safe.</summary>
internal sealed class PicksByLayout(ElementGrid grid)
{
    private readonly ConcurrentDictionary<string, Lazy<SamplePicks>> _known = new(StringComparer.Ordinal);

    /// <summary>Returns the image with the positions of the elements.</summary>
    public PlacedImage From(ImageHeader image)
    {
        var layout = $"{image.Origin}:{string.Join(',', image.Strides)}";
        return new(image, _known.GetOrAdd(layout, _ => new(() => SamplePicks.From(grid, image))).Value);
    }
}

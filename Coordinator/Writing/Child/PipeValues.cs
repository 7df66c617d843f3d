using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// The encoding of values in the pipes between a write and its processes. Private to one version of the program: both ends run the same
/// file.
/// </summary>
internal static class PipeValues
{
    public static void Write(this BinaryWriter writer, ElementType type)
    {
        writer.Write((byte)type.Kind);
        writer.Write(type.Size);
    }

    public static ElementType ReadElementType(this BinaryReader reader) => new((ElementKind)reader.ReadByte(), reader.ReadInt32());

    public static void WriteNumbers(this BinaryWriter writer, IReadOnlyList<long> numbers)
    {
        writer.Write(numbers.Count);
        foreach (var number in numbers)
            writer.Write(number);
    }

    public static long[] ReadNumbers(this BinaryReader reader)
    {
        var numbers = new long[reader.ReadInt32()];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = reader.ReadInt64();
        return numbers;
    }

    public static void Write(this BinaryWriter writer, DatasetLayout layout)
    {
        writer.Write(layout.Path);
        writer.Write(layout.Type);
        writer.WriteNumbers(layout.Shape);
        writer.WriteNumbers(layout.Chunk);
        writer.WriteList(
            layout.Filters,
            filter =>
            {
                writer.Write(filter.Id);
                writer.Write(filter.Name);
                writer.WriteNumbers([.. filter.Parameters.Select(parameter => (long)parameter)]);
            }
        );
    }

    public static DatasetLayout ReadLayout(this BinaryReader reader) =>
        new(
            reader.ReadString(),
            reader.ReadElementType(),
            reader.ReadNumbers(),
            reader.ReadNumbers(),
            reader.ReadList(() =>
                new StoredFilter(reader.ReadInt32(), reader.ReadString(), Array.ConvertAll(reader.ReadNumbers(), number => (uint)number))
            )
        );

    public static void Write(this BinaryWriter writer, AttributeContent attribute)
    {
        writer.Write(attribute.Name);
        writer.Write(attribute.Type);
        writer.WriteNumbers(attribute.Shape);
        writer.Write(attribute.Bytes.Length);
        writer.Write(attribute.Bytes);
    }

    public static AttributeContent ReadAttribute(this BinaryReader reader) =>
        new(reader.ReadString(), reader.ReadElementType(), reader.ReadNumbers(), reader.ReadBytes(reader.ReadInt32()));

    public static void Write(this BinaryWriter writer, WrittenObject written)
    {
        writer.Write(written.Path);
        writer.Write((byte)written.Kind);
        writer.Write(written.CopiedFrom ?? "");
        writer.WriteList(written.Attributes, writer.Write);
    }

    public static WrittenObject ReadWrittenObject(this BinaryReader reader) =>
        new(
            reader.ReadString(),
            (Hdf5NodeKind)reader.ReadByte(),
            reader.ReadString() is { Length: > 0 } source ? source : null,
            reader.ReadList(reader.ReadAttribute)
        );

    public static void Write(this BinaryWriter writer, WrittenDataset written)
    {
        writer.Write(written.Layout);
        writer.WriteList(
            written.Blocks,
            block =>
            {
                writer.Write(block.Length);
                writer.Write(block.FilterMask);
                writer.Write(block.Checksum);
            }
        );
    }

    public static WrittenDataset ReadWrittenDataset(this BinaryReader reader) =>
        new(reader.ReadLayout(), reader.ReadList(() => new BlockRecord(reader.ReadInt32(), reader.ReadUInt32(), reader.ReadUInt64())));

    /// <summary>A list, preceded by its length.</summary>
    public static void WriteList<T>(this BinaryWriter writer, IReadOnlyCollection<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items)
            write(item);
    }

    /// <summary>A list that grows as its items arrive, so that a wrong length allocates no memory.</summary>
    public static List<T> ReadList<T>(this BinaryReader reader, Func<T> read)
    {
        var (items, count) = (new List<T>(), reader.ReadInt32());
        while (items.Count < count)
            items.Add(read());
        return items;
    }
}

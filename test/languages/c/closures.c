// C has no closures: functions with their data beside them.
typedef int (*operation)(int, void *);
int add(int value, void *data) { return value + *(int *)data; }
int count_calls(int value, void *data) { ++*(int *)data; return value; }
void map(int *values, int count, operation each, void *data) {
  for (int i = 0; i < count; ++i) values[i] = each(values[i], data);
}
// %%
int values[4] = {1, 2, 3, 4};
int ten = 10;
map(values, 4, add, &ten);
values
// %%
int calls = 0;
map(values, 4, count_calls, &calls);
calls
// %%
// Whoever calls `add` through a pointer reaches the new one.
operation saved = add;
// %%
int add(int value, void *data) { return value * *(int *)data; }
saved(6, &ten)
